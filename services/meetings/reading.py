"""Files as transcripts: read beside the event loop, refused with a sentence."""

import asyncio

from integrations.transcripts import errors
from integrations.transcripts.errors import Unreadable
from integrations.transcripts.reader import MAX_BYTES as MAX_BYTES
from integrations.transcripts.reader import read
from integrations.transcripts.types import UNNAMED, FileTranscript
from services.errors import Invalid
from services.phrases import Phrase

FILE = "file"
# More speakers than this is no meeting's transcript, and no list to choose oneself from.
MAX_SPEAKERS = 90

KINDS = "VTT, SRT, TXT, DOCX"
REFUSALS = {
    errors.EMPTY: Phrase(
        "“{name}” is empty. Export the transcript again.",
        "“{name}” è vuoto. Esporta di nuovo la trascrizione.",
    ),
    errors.TOO_LARGE: Phrase(
        "“{name}” is larger than 20 MB, which no transcript is. Export the text alone, without "
        "sound or pictures.",
        "“{name}” supera i 20 MB: nessuna trascrizione li raggiunge. Esporta solo il testo, senza "
        "audio né immagini.",
    ),
    errors.WEB_PAGE: Phrase(
        "“{name}” is a web page, not a transcript. Use the tool’s export as {kinds}.",
        "“{name}” è una pagina web, non una trascrizione. Usa l’esportazione come {kinds}.",
    ),
    errors.PICTURE: Phrase(
        "“{name}” is a picture. Use the transcript’s text: {kinds}.",
        "“{name}” è un’immagine. Usa il testo della trascrizione: {kinds}.",
    ),
    errors.SOUND: Phrase(
        "“{name}” is a recording. I read its transcript, not the sound: {kinds}.",
        "“{name}” è una registrazione. Leggo la trascrizione, non l’audio: {kinds}.",
    ),
    errors.SPREADSHEET: Phrase(
        "“{name}” is a spreadsheet. Use the transcript’s text: {kinds}.",
        "“{name}” è un foglio di calcolo. Usa il testo della trascrizione: {kinds}.",
    ),
    errors.OTHER_DOCUMENT: Phrase(
        "“{name}” is a kind of document I cannot read. Save it as {kinds}.",
        "“{name}” è un documento che non so leggere. Salvalo come {kinds}.",
    ),
    errors.BROKEN: Phrase(
        "“{name}” is damaged and cannot be opened. Export the transcript again.",
        "“{name}” è danneggiato e non si apre. Esporta di nuovo la trascrizione.",
    ),
    errors.NO_LINES: Phrase(
        "“{name}” does not say who speaks, so I cannot use it. Export the transcript with names, "
        "or write each line as “Speaker: text”.",
        "“{name}” non dice chi parla, quindi non posso usarlo. Esporta la trascrizione con i nomi, "
        "o scrivi ogni riga come “Nome: testo”.",
    ),
}
ONE_SPEAKER = Phrase(
    "In “{name}” only {speaker} speaks. A follow-up needs both sides: export the transcript with "
    "everybody’s names.",
    "In “{name}” parla solo {speaker}. Un follow-up ha bisogno di entrambe le parti: esporta la "
    "trascrizione con i nomi di tutti.",
)
CROWD = Phrase(
    "“{name}” has {count} speakers, so it is probably no transcript. Check how it was exported.",
    "“{name}” ha {count} voci, quindi probabilmente non è una trascrizione. Controlla "
    "l’esportazione.",
)


async def read_file(name: str, data: bytes) -> FileTranscript:
    """The transcript of a meeting; Invalid (field `file`) says what the file is instead."""
    try:
        found = await asyncio.to_thread(read, name, data)
    except Unreadable as error:
        raise refusal(name, error) from error
    speakers = [speaker for speaker in found.speakers if speaker != UNNAMED]
    if not speakers:
        raise Invalid(REFUSALS[errors.NO_LINES], field=FILE, name=name)
    if len(found.speakers) == 1:
        raise Invalid(ONE_SPEAKER, field=FILE, name=name, speaker=speakers[0])
    if len(speakers) > MAX_SPEAKERS:
        raise Invalid(CROWD, field=FILE, name=name, count=len(speakers))
    return found


def too_large(name: str) -> Invalid:
    """The file is larger than MAX_BYTES."""
    return refusal(name, Unreadable(errors.TOO_LARGE))


def refusal(name: str, error: Unreadable) -> Invalid:
    """What is wrong with the file, as a sentence."""
    return Invalid(REFUSALS[error.reason], field=FILE, name=name, kinds=KINDS)
