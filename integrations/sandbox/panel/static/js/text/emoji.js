/** Emoji: the shortcodes that this page knows, and how an emoji is shown. */

import { h } from "../page/dom.js";
import { drawing } from "./emojiart.js";

const TABLE = `
+1 👍,-1 👎,thumbsup 👍,thumbsdown 👎,wave 👋,clap 👏,raised_hands 🙌,pray 🙏,muscle 💪,point_right 👉,point_left 👈,point_up 👆,point_down 👇,ok_hand 👌,handshake 🤝,writing_hand ✍️,eyes 👀,
smile 😄,slightly_smiling_face 🙂,grinning 😀,joy 😂,wink 😉,blush 😊,thinking_face 🤔,cry 😢,sob 😭,sweat_smile 😅,sunglasses 😎,heart_eyes 😍,neutral_face 😐,confused 😕,disappointed 😞,robot_face 🤖,ghost 👻,tada 🎉,
heart ❤️,broken_heart 💔,green_heart 💚,blue_heart 💙,yellow_heart 💛,star ⭐,star2 🌟,sparkles ✨,fire 🔥,boom 💥,zap ⚡,100 💯,rocket 🚀,dart 🎯,trophy 🏆,
white_check_mark ✅,heavy_check_mark ✔️,ballot_box_with_check ☑️,x ❌,heavy_multiplication_x ✖️,negative_squared_cross_mark ❎,warning ⚠️,no_entry ⛔,no_entry_sign 🚫,octagonal_sign 🛑,exclamation ❗,question ❓,grey_question ❔,information_source ℹ️,rotating_light 🚨,
hourglass ⌛,hourglass_flowing_sand ⏳,stopwatch ⏱️,alarm_clock ⏰,clock1 🕐,clock3 🕒,clock9 🕘,repeat 🔁,twisted_rightwards_arrows 🔀,arrows_counterclockwise 🔄,arrow_right ➡️,arrow_left ⬅️,arrow_up ⬆️,arrow_down ⬇️,arrow_forward ▶️,double_vertical_bar ⏸️,black_square_for_stop ⏹️,heavy_plus_sign ➕,heavy_minus_sign ➖,leftwards_arrow_with_hook ↩️,
email 📧,envelope ✉️,e-mail 📧,incoming_envelope 📨,inbox_tray 📥,outbox_tray 📤,mailbox 📫,memo 📝,pencil 📝,pencil2 ✏️,page_facing_up 📄,page_with_curl 📃,clipboard 📋,notebook 📓,books 📚,book 📖,bookmark 🔖,paperclip 📎,pushpin 📌,round_pushpin 📍,link 🔗,scissors ✂️,card_index 📇,file_folder 📁,open_file_folder 📂,newspaper 📰,
calendar 📅,date 📅,spiral_calendar_pad 🗓️,phone ☎️,telephone_receiver 📞,iphone 📱,computer 💻,movie_camera 🎥,video_camera 📹,microphone 🎤,studio_microphone 🎙️,headphones 🎧,speech_balloon 💬,thought_balloon 💭,loudspeaker 📢,mega 📣,bell 🔔,no_bell 🔕,
mag 🔍,mag_right 🔎,lock 🔒,unlock 🔓,key 🔑,closed_lock_with_key 🔐,shield 🛡️,gear ⚙️,wrench 🔧,hammer 🔨,hammer_and_wrench 🛠️,electric_plug 🔌,battery 🔋,bulb 💡,package 📦,gift 🎁,wastebasket 🗑️,broom 🧹,construction 🚧,test_tube 🧪,
moneybag 💰,dollar 💵,euro 💶,credit_card 💳,chart_with_upwards_trend 📈,chart_with_downwards_trend 📉,bar_chart 📊,briefcase 💼,office 🏢,house 🏠,globe_with_meridians 🌐,earth_africa 🌍,busts_in_silhouette 👥,bust_in_silhouette 👤,
red_circle 🔴,large_orange_circle 🟠,orange_circle 🟠,large_yellow_circle 🟡,yellow_circle 🟡,large_green_circle 🟢,green_circle 🟢,large_blue_circle 🔵,white_circle ⚪,black_circle ⚫,large_green_square 🟩,large_yellow_square 🟨,white_large_square ⬜,small_blue_diamond 🔹,
coffee ☕,pizza 🍕,beers 🍻,cat 🐱,dog 🐶,bug 🐛,seedling 🌱,evergreen_tree 🌲,sun_with_face 🌞,sunny ☀️,cloud ☁️,umbrella ☔,snowflake ❄️,rainbow 🌈,checkered_flag 🏁,it 🇮🇹,flag-it 🇮🇹,gb 🇬🇧,flag-gb 🇬🇧,us 🇺🇸,flag-us 🇺🇸`;

const BY_NAME = new Map(
  TABLE.split(",")
    .map((pair) => pair.trim())
    .filter(Boolean)
    .map((pair) => pair.split(" ")),
);

const PICTURE =
  /(\p{Regional_Indicator}{2}|\p{Extended_Pictographic}(?:\uFE0F|\u200D\p{Extended_Pictographic}|\p{Emoji_Modifier})*)/gu;
const TEXTUAL = /^[\u00A9\u00AE\u2122\u2139\u2194-\u2199\u25AA\u25AB\u2713-\u2718]$/u;

/** The drawn emoji for a shortcode without colons, or null when this page does not know it. */
export function emoji(name) {
  const found = BY_NAME.get(name);
  return found ? picture(found, `:${name}:`) : null;
}

/** Cuts emoji characters out of plain text and shows each as an emoji. */
export function withPictures(text) {
  return text
    .split(PICTURE)
    .filter(Boolean)
    .map((part) => (isPicture(part) ? picture(part, part) : part));
}

function isPicture(part) {
  PICTURE.lastIndex = 0;
  return PICTURE.test(part) && !TEXTUAL.test(part);
}

/** One emoji: our own drawing where there is one, so that it looks the same on every machine. */
function picture(character, title) {
  const art = drawing(character.replaceAll("\uFE0F", ""));
  return h("span", { class: "emoji", role: "img", "aria-label": title, title }, art ?? character);
}
