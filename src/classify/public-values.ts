/** Values that say by themselves that they are public or made up, whatever they are called. */

/**
 * Values that standards and emulators have published, so that examples all over the world are written with them: OAuth 1 and 2 (RFC 5849,
 * 6749, 6750, 7009, 7636, 8628), HTTP authentication (RFC 7616, 7617), web sockets (RFC 6455), the storage emulator of Azure.
 */
const PUBLISHED: ReadonlySet<string> = new Set(
  `dpf43f3p2l4k3l03 kd94hf93k423kf44 hh5s93j4hdidpola hdhd0244k9j7ao03 hfdp7dh39dks9884 nnch734d00sl2jdk pfkkdhi9sl3r4s00
  9djdj82h48djs9d2 kkk9d7dh3k39sjv7 j49sk3j29djd 7d8f3e4a wIjqoS walatlh chapoH kllo9940pd9333jh
  74KNZJeDHnMBp0EMJ9ZHt/XKycU= gKgrFCywp7rO0OXSjdot/IHF7IU= bYT5CMsGcbgUdFHObYMEfcx6bsw= MdpQcU8iPSUjWoN/UDMsK2sui9I=
  s6BhdRkqt3 gX1fBat3bV s6BhdRkqt3:gX1fBat3bV czZCaGRSa3F0MzpnWDFmQmF0M2JW czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3
  7Fjfp0ZBr1KtDRbnfVdmIw 2YotnFZFEjr1zCsicMWpAA tGzv3JOkF0XG5Qx2TlKWIA SplxlOBeZQQYbYS6WxSbIA A3ddj3w i1WsRnd1 n4E9O119d
  mF_9.B5f-4.1JqM h480djs93hd8 489dks293j39 45ghiukldjahdnhzdauz GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS
  dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM
  dcd98b7102dd2f0e8b11d0f600bfb0c093 5ccc069c403ebaf9f0171e9517f40e41 6629fae49393a05397450978507c4ef1
  QWxhZGRpbjpvcGVuIHNlc2FtZQ== dGhlIHNhbXBsZSBub25jZQ== s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
  Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==`.split(/\s+/),
);

/** Also where it is written for an address: `…%3D`. */
export function isPublished(value: string): boolean {
  const plain = !value.includes('%')
    ? value
    : value.replace(/%(?:2B|2F|3A|3D)/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));
  return PUBLISHED.has(/^[&;,.]/.test(plain.slice(-1)) ? plain.slice(0, -1) : plain);
}

/** Beginnings of public keys in base64, where the kind of the key is followed by a bit string at once: RSA, EC, Ed25519 and its kin. */
const SUBJECT_KEY =
  /^M(?:II[A-Za-z0-9+/]{3}ANBgkqhkiG9w0BAQEFAAOC|IGfMA0GCSqGSIb3DQEBAQUAA4|FkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE|HYwEAYHKoZIzj0CAQYFK4EEACIDYgAE|CowBQYDK2V[uw]AyEA)/;

/** The point of an elliptic curve, not compressed: the byte 4 and two coordinates of 32 bytes. */
const POINT = /^(?:B[A-P][\w-]{85}=?|(?:0x)?04[0-9a-f]{128})$/i;

export function isPublicKey(value: string): boolean {
  return SUBJECT_KEY.test(value) || POINT.test(value);
}

/** Whether the digits of a UUID run on: `12345678-1234-1234-1234-123456789012`, or its last twelve do. */
export function isCounted(uuid: string): boolean {
  const digits = uuid.toLowerCase().replaceAll('-', '');
  return stepsOf(digits) >= 0.75 || stepsOf(digits.slice(-12)) >= 0.9;
}

const DIGITS = '0123456789abcdef';

/** Share of the digits that are the one before, one more or one less; after 9 comes 0 or a. */
function stepsOf(digits: string): number {
  let steps = 0;
  for (let i = 1; i < digits.length; i++) {
    const step = DIGITS.indexOf(digits[i]!) - DIGITS.indexOf(digits[i - 1]!);
    if (Math.abs(step) <= 1 || (digits[i] === '0' && digits[i - 1] === '9')) steps++;
  }
  return steps / (digits.length - 1);
}
