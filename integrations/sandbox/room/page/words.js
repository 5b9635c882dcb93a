/** What Room says to people when something is refused: by Auth's code, never by its sentence alone. */

const SENTENCES = {
  weak_password: "This password is too weak. Take at least 6 characters.",
  invalid_credentials: "Address and password do not fit. Try again, or reset your password.",
  email_not_confirmed: "Confirm your address first: open the link in the e-mail, or enter its code.",
  over_email_send_rate_limit: "We have just sent you an e-mail. Wait a minute, then ask again.",
  over_request_rate_limit: "Too many tries. Wait a little, then try again.",
  otp_expired: "This link or code is used up or too old. Ask for a new one.",
  user_already_exists: "There is an account with this address. Sign in instead.",
  signup_disabled: "Nobody can sign up at the moment.",
  captcha_failed: "This project asks for a captcha, which Room does not show. Switch it off in the tab Supabase.",
  same_password: "That is your old password. Choose another one.",
  request_timeout: "The service took too long. Try again in a minute; you will not be signed up twice.",
  unexpected_failure: "The service does not answer. Try again in a minute; you will not be signed up twice.",
  feature_disabled: "Sign-up is not set up on this server.",
  offline: "The server cannot be reached. Check your connection and try again.",
};

/** A sentence for a failed answer: ours if we know the code, else the one that came with it. */
export function sentence(code, said) {
  return SENTENCES[code] ?? (said || "Something went wrong. Try again in a minute.");
}
