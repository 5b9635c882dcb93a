/** The client's own words, which follow the language of the person who looks, as Slack's do. */

import { viewer } from "../page/people.js";

const ITALIAN = {
  " (optional)": " (facoltativo)",
  " (edited)": " (modificato)",
  " for a new line": " per andare a capo",
  " to send · ": " per inviare · ",
  About: "Informazioni",
  "An app in this workspace.": "Un’app di questo workspace.",
  Apps: "App",
  "Are you sure?": "Confermi?",
  Back: "Indietro",
  Cancel: "Annulla",
  Channels: "Canali",
  "Choose or drop a file": "Scegli o trascina un file",
  "Choose or drop files": "Scegli o trascina dei file",
  Close: "Chiudi",
  Commands: "Comandi",
  "Attach a file": "Allega un file",
  "This file was deleted.": "Questo file è stato eliminato.",
  "Copy text": "Copia testo",
  Conversations: "Conversazioni",
  Date: "Data",
  "Direct messages": "Messaggi diretti",
  "Dismiss message": "Ignora messaggio",
  Enter: "Invio",
  Home: "Home",
  "Loading messages…": "Caricamento dei messaggi…",
  "Loading…": "Caricamento…",
  "Message {name}": "Messaggio per {name}",
  Messages: "Messaggi",
  "Messages in {name}": "Messaggi in {name}",
  "More actions": "Altre azioni",
  "No message shortcuts": "Nessuna scorciatoia per i messaggi",
  "No results": "Nessun risultato",
  "No shortcuts": "Nessuna scorciatoia",
  "Only visible to you": "Visibile solo a te",
  "Please complete this required field.": "Compila questo campo obbligatorio.",
  "Please enter a number of at least {least}.": "Inserisci un numero non inferiore a {least}.",
  "Please enter a number of at most {most}.": "Inserisci un numero non superiore a {most}.",
  "Please enter a valid URL.": "Inserisci un URL valido.",
  "Please enter a valid email address.": "Inserisci un indirizzo e-mail valido.",
  "Please enter a valid number.": "Inserisci un numero valido.",
  "Please enter at least {least} characters.": "Inserisci almeno {least} caratteri.",
  "Please enter at most {most} characters.": "Inserisci al massimo {most} caratteri.",
  "Remove {name}": "Rimuovi {name}",
  "Run a command": "Esegui un comando",
  "Select an option": "Seleziona un’opzione",
  "Select options": "Seleziona delle opzioni",
  "Send now": "Invia ora",
  "Sending messages to this app has been turned off.": "L’invio di messaggi a questa app è disattivato.",
  "Shift + Enter": "Maiusc + Invio",
  Shortcuts: "Scorciatoie",
  "Slash commands": "Comandi slash",
  "Something went wrong while loading the options. Try again.":
    "Si è verificato un errore durante il caricamento delle opzioni. Riprova.",
  "Start typing to search": "Inizia a digitare per cercare",
  "The private channel where the ops commands work.": "Il canale privato in cui funzionano i comandi operativi.",
  "This conversation is just between {name} and you.": "Questa conversazione è solo tra te e {name}.",
  "This is a work in progress": "Lavori in corso",
  "This is the very beginning of the {name} channel.": "Questo è l’inizio del canale {name}.",
  "This is the very beginning of your conversation with {name}. Only you and the app can see it.":
    "Questo è l’inizio della tua conversazione con {name}. Potete vederla solo tu e l’app.",
  Time: "Ora",
  "Type at least {least} characters to search": "Digita almeno {least} caratteri per cercare",
  "Uploading…": "Caricamento…",
  "We had some trouble connecting. Try again?": "Si è verificato un problema di connessione. Vuoi riprovare?",
  Yes: "Sì",
  "{app} has not published a Home tab for you yet. When it does, it appears here.":
    "{app} non ha ancora pubblicato una scheda Home per te. Quando lo farà, apparirà qui.",
  "{app} shortcuts": "Scorciatoie di {app}",
  "{count} unread": "{count} non letti",
  "{name} (you)": "{name} (tu)",
  '{name} failed with the error "{error}"': '{name} non è riuscito: errore "{error}"',
  "{name} is larger than 10 MB.": "{name} supera i 10 MB.",
  "{name} is not a {kinds} file.": "{name} non è un file {kinds}.",
  "`{name}` is not a valid command. Messages that start with a slash are read as commands.":
    "`{name}` non è un comando valido. I messaggi che iniziano con una barra sono letti come comandi.",
  'The shortcut “{name}” failed with the error "{error}"':
    'La scorciatoia “{name}” non è riuscita: errore "{error}"',
  "↑↓ to choose · Tab to complete · Enter to use": "↑↓ per scegliere · Tab per completare · Invio per usare",
};

/** The language of the person who looks, for the `lang` of what Slack shows them. */
export const language = () => (viewer()?.locale?.startsWith("it") ? "it" : "en");

/** A sentence of the client in that language; `{names}` in it are replaced. */
export function t(sentence, values = {}) {
  const words = language() === "it" ? (ITALIAN[sentence] ?? sentence) : sentence;
  return words.replace(/\{(\w+)\}/gu, (whole, name) => values[name] ?? whole);
}
