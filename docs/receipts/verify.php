<?php
// Checks a receipt of Seguito without asking Seguito (PHP 8.0+ with sodium, which PHP brings along).
//   php verify.php jwks.json RECEIPT example.com   prints the claims, or says why not and ends with 1
// With PHP's intl extension every spelling of an international name is understood; without it, what
// differs from the name in upper and lower case only, as well as punycode.

/** The claims, with 'state' "fresh" or "grace"; throws UnexpectedValueException when they do not hold. */
function verify_receipt(string $receipt, array $jwks, string $domain, ?int $now = null): array
{
    $parts = explode('.', $receipt);
    $head = json_decode(receipt_part($parts[0]), true);
    $signature = receipt_part($parts[2] ?? '');
    $keys = array_column($jwks['keys'], 'x', 'kid');
    $key = receipt_part(is_string($head['kid'] ?? null) ? $keys[$head['kid']] ?? '' : '');
    if (count($parts) !== 3 || strlen($key) !== 32 || strlen($signature) !== 64
        || !sodium_crypto_sign_verify_detached($signature, "$parts[0].$parts[1]", $key)) {
        throw new UnexpectedValueException('not one of ours');
    }
    [$claims, $now] = [json_decode(receipt_part($parts[1]), true), $now ?? time()];
    if ($claims['status'] !== 'active' || !receipt_is_for(receipt_host($domain), $claims['domains'])) {
        throw new UnexpectedValueException('not for this site');
    }
    if ($now < $claims['iat'] - 300 || $now >= $claims['grace_until']) {
        throw new UnexpectedValueException('out of its time');
    }
    return $claims + ['state' => $now < $claims['exp'] ? 'fresh' : 'grace'];
}

/** The host of a domain or an address, as receipts have it; '' when there is none. */
function receipt_host(string $domain): string
{
    $blank = '[ \t\x{A0}\x{AD}\x{2009}\x{200B}-\x{200F}\x{202F}\x{2060}\x{3000}\x{FEFF}]+';
    $address = '~^(?:(?:[a-z][a-z0-9+.-]*:)?//(?:[^/?#@\\\\\s]*@)?)?'
        . '(\[[0-9a-f:.]+\]|[^/?#:@\[\]\\\\\s]+)(?::\d{1,5}|:(?!//))?(?:[/?#].*)?$~Diu';
    preg_match($address, (string) preg_replace("~^$blank|$blank$~Du", '', $domain), $found);
    $host = preg_replace('~[。．｡]~u', '.', strtolower($found[1] ?? ''));
    if (filter_var(trim($host, '[]'), FILTER_VALIDATE_IP)) {
        return inet_ntop(inet_pton(trim($host, '[]')));
    }
    if (preg_match('~[^\x00-\x7f]~', $host) && function_exists('idn_to_ascii')) {
        $host = (string) idn_to_ascii($host, IDNA_NONTRANSITIONAL_TO_ASCII, INTL_IDNA_VARIANT_UTS46);
    }
    return rtrim($host, '.');
}

function receipt_is_for(string $host, array $domains): bool
{
    foreach ($domains as $domain) {
        $name = implode('.', array_map('receipt_label', explode('.', $domain)));
        if ($host === $domain || $host === "www.$domain"
            || preg_match('~^(?:www\.)?' . preg_quote($name, '~') . '$~Diu', $host)) {
            return true;
        }
    }
    return false;
}

/** A label in Unicode (RFC 3492, section 6.2). */
function receipt_label(string $label): string
{
    [$end, $letters] = [strrpos($label, '-'), []];
    if (!preg_match('~^xn--(?:.*-)?[a-z0-9]+$~D', $label)) {
        return $label;
    }
    foreach ($end > 3 ? str_split(substr($label, 4, $end - 4)) : [] as $letter) {
        $letters[] = ord($letter);
    }
    for ([$n, $i, $bias, $at] = [128, 0, 72, $end + 1]; $at < strlen($label); $i++) {
        for ([$before, $weight, $k] = [$i, 1, 36]; $at < strlen($label); $k += 36) {
            $digit = strpos('abcdefghijklmnopqrstuvwxyz0123456789', $label[$at++]);
            if (($i += $digit * $weight) >> 31) {
                return $label;
            }
            $least = max(1, min(26, $k - $bias));
            if ($digit < $least) {
                break;
            }
            $weight *= 36 - $least;
        }
        $count = count($letters) + 1;
        $delta = intdiv($i - $before, $before ? 2 : 700);
        $delta += intdiv($delta, $count);
        for ($bias = 0; $delta > 455; $bias += 36) {
            $delta = intdiv($delta, 35);
        }
        $bias += intdiv(36 * $delta, $delta + 38);
        $n += intdiv($i, $count);
        if ($n > 0x10FFFF || $n >> 11 === 0x1B) {
            return $label;
        }
        array_splice($letters, $i %= $count, 0, [$n]);
    }
    return (string) iconv('UCS-4BE', 'UTF-8', pack('N*', ...$letters));
}

function receipt_part(string $text): string
{
    return (string) base64_decode(strtr($text, '-_', '+/'), true);
}

if (PHP_SAPI === 'cli' && realpath($argv[0]) === __FILE__) {
    try {
        echo json_encode(verify_receipt($argv[2], json_decode(file_get_contents($argv[1]), true), $argv[3]));
    } catch (UnexpectedValueException $refused) {
        fwrite(STDERR, $refused->getMessage());
        exit(1);
    }
}
