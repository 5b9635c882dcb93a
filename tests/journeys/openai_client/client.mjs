// One customer's day with OpenAI's own package for Node: prints what it got as JSON.
// node client.mjs BASE_URL KEY SCENE: the scene is {model, messages, tools, picture} as JSON.
import OpenAI from "openai";

const [baseURL, apiKey, scene] = process.argv.slice(2);
const { model, messages, tools, picture } = JSON.parse(scene);
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const chat = (more) => client.chat.completions.create({ model, messages, ...more });
const called = (call) => ({ name: call.function.name, arguments: JSON.parse(call.function.arguments) });

async function streamed(more) {
  const seen = { text: "", calls: [], finish: null, usage: null };
  for await (const chunk of await chat({ stream: true, ...more })) {
    seen.usage = chunk.usage ?? seen.usage;
    for (const { delta, finish_reason } of chunk.choices) {
      seen.text += delta.content ?? "";
      seen.finish = finish_reason ?? seen.finish;
      for (const piece of delta.tool_calls ?? []) {
        const call = (seen.calls[piece.index] ??= { id: piece.id, type: "function", function: { name: piece.function.name, arguments: "" } });
        call.function.arguments += piece.function.arguments ?? "";
      }
    }
  }
  return seen;
}

const models = [];
for await (const one of await client.models.list()) models.push(one.id);
const found = await client.models.retrieve(model);
const whole = await chat();
const stream = await streamed({ stream_options: { include_usage: true } });
const plain = await streamed();
const calling = (await chat({ tools })).choices[0];
const calls = await streamed({ tools, stream_options: { include_usage: true } });
const answers = calls.calls.map((call) => ({ role: "tool", tool_call_id: call.id, content: "It is sunny." }));
const history = [...messages, { role: "assistant", content: null, tool_calls: calls.calls }, ...answers];
const answered = await chat({ messages: history, tools });
const seen = await chat({ messages: [...messages, { role: "user", content: [{ type: "image_url", image_url: { url: picture } }] }] });
const left = await chat({ stream: true });
for await (const chunk of left) {
  if (chunk.choices.length) break;
}

console.log(JSON.stringify({
  models,
  owner: found.owned_by,
  whole: whole.choices[0].message.content,
  tokens: whole.usage.total_tokens,
  streamed: stream.text,
  streamed_tokens: stream.usage.total_tokens,
  plain_usage: plain.usage,
  finish: calling.finish_reason,
  calls: calling.message.tool_calls.map(called),
  streamed_finish: calls.finish,
  streamed_calls: calls.calls.map(called),
  answered: answered.choices[0].message.content,
  seen: seen.choices[0].message.content,
}));
