<?php
// A token for whoever is signed in, with what PHP brings. TANYA_SECRET=… php sign.php dewi.lestari hr-portal

function tanya_token(string $subject, string $site, string $secret, array $groups = [], int $seconds = 600): string
{
    $part = fn (string $bytes): string => rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
    $now = time();
    $claims = [
        'sub' => $subject,
        'aud' => $site,
        'iat' => $now,
        'exp' => $now + $seconds,
        'jti' => bin2hex(random_bytes(16)),
        'groups' => array_values($groups),
    ];
    $signed = $part(json_encode(['alg' => 'HS256', 'typ' => 'JWT'])) . '.' . $part(json_encode($claims));
    return $signed . '.' . $part(hash_hmac('sha256', $signed, $secret, true));
}

if (PHP_SAPI === 'cli' && realpath($argv[0]) === __FILE__) {
    echo tanya_token($argv[1], $argv[2], getenv('TANYA_SECRET')), "\n";
}
