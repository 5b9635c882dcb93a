"""A process that holds calls and never ends them: it is killed in between.

`python ledger_holder.py URL LICENSE CALLS` says the calls' ids, one a line, once all are held, the
first of them is settled and the answer of the last has begun.
"""

import asyncio
import sys

from tests.kit.ledger_desk import Desk, claim, metered


async def main(url: str, license_id: str, calls: int) -> None:
    desk = Desk.at(url)
    claims = [claim(license_id, estimate_micro=10) for _ in range(calls)]
    await asyncio.gather(*(desk.ledger.hold(one) for one in claims))
    desk.ledger.begin(claims[-1].request_id, metered(cost_micro=10, estimated=True))
    await desk.ledger.settle(claims[0].request_id, metered())
    await desk.ledger.caught_up()
    sys.stdout.write("".join(f"{one.request_id}\n" for one in claims))
    sys.stdout.flush()
    await asyncio.sleep(600)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
