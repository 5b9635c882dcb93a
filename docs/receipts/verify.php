<?php
// Checks a receipt of Seguito without asking Seguito (PHP 8.0+ with sodium, which PHP brings along).
//   php verify.php jwks.json RECEIPT example.com   prints the claims, or says why not and ends with 1

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
    $domain = preg_replace('/^www\./', '', strtolower($domain));
    if ($claims['status'] !== 'active' || !in_array($domain, $claims['domains'], true)) {
        throw new UnexpectedValueException('not for this site');
    }
    if ($now < $claims['iat'] - 300 || $now >= $claims['grace_until']) {
        throw new UnexpectedValueException('out of its time');
    }
    return $claims + ['state' => $now < $claims['exp'] ? 'fresh' : 'grace'];
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
