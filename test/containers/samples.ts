/**
 * Small files that a test cannot make itself: each says what it holds. Nothing in them is secret.
 */
import { gunzipSync } from 'node:zlib';

/** What the compressed samples hold. */
export const SAMPLE_TEXT = Array.from({ length: 200 }, (_, i) => `lines that repeat themselves, number ${i}\n`).join(
  '',
);

const ROWS = Array.from({ length: 12 }, (_, i) =>
  String.fromCharCode(...Array.from({ length: 20 }, (_, k) => 97 + ((i * i * 7 + k * k * (i + 3)) % 26)), 10),
).join('');
/** A text that repeats itself from afar, and with long runs. */
export const FAR_TEXT = `first line\n${ROWS}${'x'.repeat(40_000)}\n${ROWS}${'y'.repeat(70_000)}\n${'z'.repeat(61_000)}\n${ROWS}last line\n`;

/** `SAMPLE_TEXT`, as bzip2 packs it. */
export const BZIP2 = Buffer.from(
  'QlpoOTFBWSZTWZHOJnAACMVZgAAQQAR/4DJnXwBAAlDq4EBTRoA0AAEVP1GM/VVJvVAGQyT//1VJD96p/qqo0AMgFJVQB6jQAaadsTE51Vuvp2' +
    'tIBRwA0OQMhgGAZDkDQ4AUSAWgAKOAGhyBkMAwDIcgaHACiQC0AB+CLkIuYi5iLCLCL15bje973vfrVVVVVXHSEwAdbu7u7u0x0iZptTam1Nqb' +
    'U2ptTanHVxuOOKrW2227wAAF1XVVW1ttt3wAAC6q8VVtrbbd+gAAF1VeVVttbbd+YAAF1VXnVttrbd+QAAF1VV6Vtttbd+AAALqqq5bbba3fQA' +
    'AHReKqrnOc5znOQNtttttt8iL5EX4IuYi9RF2CL4EX2IuYi6CL6CL+EX6IvIRdBFhF0EXoIuoIsIsEXoIugRdYRcCLwEX+LuSKcKEhI5xM4A==',
  'base64',
);

/** `SAMPLE_TEXT`, as xz packs it. */
export const XZ = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4B+ZAPBdADYaSh8Mo++lUyDZdclPqhOGqN/aQvwbMYDqQrQINjNKjHX+O5ws4/7pypV2c7T4BgCrIV' +
    'E6U/4rb64fwEsZoLMrJY6s0loPbQIjXMfQXHHUhjEGDGbGRiVb9boK2tLTF0iLmTz258KuIyq6DA+TqQpCa7gZSc6spEk//MaSR44Koe1TTg5L' +
    'Z5EZ+5dnGKnh1ICdeZkcVXaAYo45zwkml+LYjVGueQCrdIzTlcAkEqAJDheCA0nYr6k5N9JPWjy5GZWPofNK/Soe3300BGolRQA723J4hDvU1L' +
    'kFb6rPSuBpkkum/DOcVafB3YfTBiOGAAAS1gpo0wYXjwABjAKaPwAAc/AtLbHEZ/sCAAAAAARZWg==',
  'base64',
);

/** `SAMPLE_TEXT`, as zstd packs it. */
export const ZSTD = Buffer.from(
  'KLUv/QRY9QcA8s4kF6A16Z/aqyHkedQAwDFJKWVKybKxDp4rg/////93d3d3d2ZmZmZmVVVVVVVERERERLZt23bbtm1LkiRJzszMzAwhhBBCCC' +
    'Hz////393d3d2ZmZmZmVVVVVVVERERERHZtm3bbdu2LUmSJDkzMzMzPytyOQNSJErAgQBRABilwFCMQykcxUEoAyVRHITCURgFIWAIgMeoIfj2' +
    '/wzAM6rVEvj/fw/+Af/////3//3/+////+//9/3cSaKuTx3OHM4bzhrOGc4YTi+cLZwrnG4KAwQAAACEACAAAAEABQA6k5QkiSSQ5JE4kkbCSJ' +
    '1Fqrh+FrQzbGcG7ilTqwIxn1ut',
  'base64',
);

/** A database with the tables users (41 rows, one of them long, one row deleted), settings and bare, an index and a view. */
export const SQLITE = gunzipSync(
  Buffer.from(
    'H4sIAAAAAAACA+2Zz28bRRTH34tjO7+cpGlSN03dTuKmtiEt3l3/bKGZNLWqSgGpP1Racagcextbceyy3iStRNWmHEEUkFA5IYGEOCMEAk49gI' +
      'TEHwBShcQNigSoF4RUFZjdGUPsmbaoKiBSP2fX2e9+drzz5s17q53jR+fKtknO1qylvE0M6ABEoIQAgJdtA/CXOced644R7m9e2FtA50LWMLjt' +
      '3YY34dV7XtPl7PKd/mAohGsjdn6+YtZN2y5XF+qN78DssdzMiRw5MXNwLkcaKomWi6Rctc0F0yLnrPJS3rpAFs0LU86O2OZ5e4qs5CvLpvt/zP' +
      'D4RgYGup5bKZurKyuixZNHcs+SFZKvs1YrZsEm1fwSc49VWyLLddOq7+/wBceCeLxcLZrn5y+ccU67JzyigSPPHMqdIuIMqVX5ZVHnKLY2iP5g' +
      'MIhrl9xeuWfcXUdTf1zp7p1xG3Z6QKo1ti1XKlNkolRj4rn8gjnBumgVSnkrqsVjDCaWmWdAsVYg85Xa/BQplMzCIolWyQESj8WcsfHgLcfl3X' +
      'gbf8FbuBd74Xv4HN6Bi3AKDGl8wgEfxMb84Nwm+/mlefal6c5vsy8aE1CfAtI4pNGIgHoVUJxDcTrJofEeH0RGm6Gsy2RpWCDdMpJxkQwdF0iX' +
      'jKRdJE13CMQvIykXSdFtAvHJSNJFknSLQLwyknCRBB0SSKeMGC5i0D6BeGSEu1inYg6Od8iIcPD0rwJBGXEmmONZ76gznQPOtES86dB+vIkRHG' +
      'bz/ye4AV/AhywCruKX8AKU4STM4if4Hr6BL+LzeAafXhcPQ54YNt2nsVWS9KAkaVskKT7SKmnZYUnKbJak9JAkpTZJUnJQkhIDkmT0S5IekCSt' +
      'T5LivZs8kSYp29OqZLpblXRXq5LytypJX6uS8LYqRmeronvWK2ygfJLDU2MBpgfYJMdv8FO8hjYebc//DT3/uXvj099yxBn/PjgEeAM/wtewgo' +
      'dxAu7A1/ABvMLm/aG/UeMhPCoPo877rCdo5jKHtiog3mvdoGkBBRWQ6LdOUwLaooB4z3WNJgU0ooB43/U4TQhoWBF/PLa0LDUEtFkB8ejSMlQX' +
      '0JAC4vGlpakmoE0KiEeYlqJxAQ0qIB5jWpI+ITw+oIC4x7UE3SOgfgXEPa4Z9HEO9bBUPgxXAK7gzywH7FNVAPwY38XX8RKLjtPs05r/WYmYu3' +
      '/+Z5eM2qVynVi1VbLKnq+K7PnKNouP9XlCWKlVF9izkhn7f+d/Zy41JMkFyW2SlBh9mLXz3vnfvcWOQU+kuykb9ODbbPynAX6Ar+AzvArvw1vw' +
      'EpwHE47BNA7CHfwRL+IiG/fDmMRwo9rfpfYbqUlJSu6SpERYkowJSdLHJUkjkhTfKfkiu0OSMiFJSm+X2spEJCm9+7+t6szJc/9U0BjZ6EPJ/5' +
      'NyojF4XjNS9CDl0C4FxPOakaQz1zkUVkA8rxkJOiNamlBAon4alIqWxhUQrySGTqloiSggXkkMjU6LhLxTAfFKYsTpAQHtUJQbXkn0LH1KQCEF' +
      'xCuJnqFPCmi7AuKVRE/T/QIaU0Dc43qK7hPQNgXEPa4nafbyn/W/EwuN8S/gYWjbA9n2JHSDqsK97I/5IXTtdHe8Uebqdt6yyR7JnHocjirCjU' +
      'eSkaWzIrojCohHkpGhsyK6dysgHklGmh683rjx3j1te2TNSf9tLzzS4w9tL2w0I2a1+Dug+5K4XCV599Xvb6qqFXDf/30H7K9tG9eC2Amh8IJl' +
      'ms5KScmsVGrELpmW2eOO/y3gSwBt2/DW7wmOni1bdbtuFmrVYsBdpMsBLmHcXZvLPcDa3FGvPzgygmteV5jPW+7W37So5SgkusgXrprWs1b4ch' +
      'xZLdul2rLtPD6Xi+31v39n/e8P8tcEAwAeAAA=',
    'base64',
  ),
);

/** `instructions(320)`, as xz packs it with its filters. */
export const XZ_FILTERED = {
  x86: Buffer.from(
    '/Td6WFoAAAD/EtlBAgEEACEBEACLIW9J4AE/AOFdAD8ALSjox5OhWPfp9fR4eLEPXuMy9noduFCsvAtg9SrN0rqBA5DMimBx1hrsXz1cJVAiMHMhfk' +
      'p7DMKKSjvYrfob3EQFwC36KD12kHT6uY4k5tFFxbWW5sihftJI75qC2z2sHSdVPwkIB+y8YK79ZyjFe0H9ZkkwgZtB0vQgdZrRq4bvYz4FsZwVvfP1' +
      '5RF6YaqxLjyd+KrjmAGUpHBFcvvS09Xb1maAMVBSTWj/goSGJJw4khmQmyZbwIIgFpGeYMRECGtK8j4a86KAHrEyCKMYP8WzqEnTozy0RnTkKu6vAA' +
      'AAAAAAAfUBwAIAAK9Po86oAAr8AgAAAAAAWVo=',
    'base64',
  ),
  PowerPC: Buffer.from(
    '/Td6WFoAAAD/EtlBAgEFACEBEAAu8jOC4AE/ANVdAD8ALSjo0VhCLdLkf+9DlslgIZVi/WNEuGWIo9K3YuPAGH2mSv5WqfHdLZQJWRt1pg1lI+5rZ1' +
      'SAJmqroDP8yDNS/DckXLechYuGqMnxZraBfVzW2aiprz6TmkismwYNEd8uAfPIN0GqfsvsgslpPQdlVpt8tCgNc2XFGMwcZ+ju05Df7ZrHfy+aptYt' +
      'tOkgA//0yDoV3d02zHnzkJhkkXtRWp3uVgkD5/aZnGyDktIbcnvJySux8nQgPVD0fo9fawAaPpgGcIOFaP4szQRvrFuHlJ0+AAAAAAAAAekBwAIAAE' +
      '+Nt7qoAAr8AgAAAAAAWVo=',
    'base64',
  ),
  ARM: Buffer.from(
    '/Td6WFoAAAD/EtlBAgEHACEBEAAlU/vP4AE/ANNdAD8ALSjo0VhCLdLkf+9DlsqLFzOjKfx0uQmpWhJlBNt477gSELXVAT4CcXZL0xwEsjUQ8akclK' +
      'QN0Dpg/BmcpuZUeGJib0bwxYyDD42gKvVYhPK1wsyf1aHpU3BZsufSXRExsR7WRNRCl/QL0OV1+1nzQAhsmhZU/rW3IXmTwDqreTW462YkB3zTmupZ' +
      'Xo0uaHQPmhBWtYBL9uNMX4S1Dlh0k3BJ2gKgg1B+/7yC26RAn7Mzhe/ndscbNpwvMdX152mg38gTAdRrxkzXk2kfLvrCNlsAAAAB5wHAAgAAP+y9gK' +
      'gACvwCAAAAAABZWg==',
    'base64',
  ),
  'ARM Thumb': Buffer.from(
    '/Td6WFoAAAD/EtlBAgEIACEBEADw4a0+4AE/ANFdAD8ALSjo0VhCLdLkf+9DlslgIZVi/WNEuGWIo9KJoegCv2cNfrGQQsHKOTXvQHYqYVb4xR6xBi' +
      'jcxZftvDacbJ4e00thYA9lVwdLuzwd3ibPJjJgxirMltDiTsJNw5jvWTefF5CwPSKeF2lhCOITCLVyaSv3JHp65Y+NNv5Hsi4/j34kb3Cku2FIRmlI' +
      'j+TNyqKG6QkSbuTiUqZu88IvUsVRGWYr23Gu+ekfp+Q2Cr2Yfychn+kwTbYVDz32QrsEVLQOdEFQqxl8D9ZJNuu1WP2RAAAAAAAB5QHAAgAANE11za' +
      'gACvwCAAAAAABZWg==',
    'base64',
  ),
  SPARC: Buffer.from(
    '/Td6WFoAAAD/EtlBAgEJACEBEABVMvH14AE/ANBdAD8ALSjo0VhCLdLkf+9DlslgIZVi/WNEuGWIo9KJoegCv2cNe1eroBIguWvdLYln3E/x8KMgUm' +
      'RuMA0BA/uCV9u1rNpwqFRRgD72oHPFTSncA38kJYFwsp1gf2aBY3eoqK/xKBZzxffHoiKhLe4uTySdMpYyXed4lZ1NeFzSMzY2DuHGIlsSbLi2r6d/' +
      'OxGuPfO6MKwVbsTHDXWVMWwIUdN5KmZfVSDMGk2L3P13k7gBI5+RrgtnfetD7wVRWSEnlFlYtgBBiJSJJjVyzNcK8OAAAAHkAcACAACRnikGqAAK/A' +
      'IAAAAAAFla',
    'base64',
  ),
  ARM64: Buffer.from(
    '/Td6WFoAAAD/EtlBAgEKACEBEAD7QGVz4AE/ANFdAD8ALSjo0VlCLdLkf+9DlslgIZVi/WNEuGWIo9KJoegCv2cNe1esPmkstVPKLYuUXZTyzm0l6t' +
      'kR/KhU8yteZDUMcEpY9z/PYLlLi948nQMJCNpRiXwGvg86kDB6pDVj88o69LJeii6aJgtek8Yd1iwML2uDIsZV/ONjoMoU4pF7la7KwwJtCHc+9vvy' +
      'HFV3Qm6cZmyRyW+VcmhKAoG3XKC/Gtb4jH/F41aNgWKujhrT6fkEZxD2o361YCZzmjwvN9RF7gmyz8RIFpaEZ+i9d3UAAAAAAAAB5QHAAgAANE11za' +
      'gACvwCAAAAAABZWg==',
    'base64',
  ),
  'IA-64': Buffer.from(
    '/Td6WFoAAAD/EtlBAgEGACEBEACAgKcE4AE/ANFdAD8ALSjo0VhCLdLkf+9DlslgIZVi/WNEuGWIo9KJoegCv2cNe1eroBIguWn8olwN46xt8GDEhh' +
      'DacT9hi2FfYMSpdw6ja172rwnwENZkAZnRsQGG9RTtxzT3QMUA0/rzvRRFhUsXYlKXZOLF6EgBW3qJZvlzQzDh11jR/o2vA3Qyjk0jy9aqqADulckx' +
      '0zSAWSChZOCOzmIzrwiGqWqSpZIthdBcMUGOfTZRGOhWgrSS3ICdz10L+AhO6IPEX2OcQ44FbfVXFbc6L9etaAUrfskeAAAAAAAB5QHAAgAANE11za' +
      'gACvwCAAAAAABZWg==',
    'base64',
  ),
  'x86 and delta': Buffer.from(
    '/Td6WFoAAAD/EtlBBAIEBAAQAAADAQMhARAAAF0ruBHgAT8BO10APwAtKGp0mNKI39YUagtSyc58SrGHstsAEmFs1RvYztYXFOwufO44nHC/OgjlqU' +
      'DAp1YB9i4BJCvx4T3fKA1qUYw6MEaVkhfWtEUC9B499EIeJ1kSfQuDDqMb1e3XwCXZpQzR9VNuUTKo8EfBXBs0R0HXxN3PXR5BmbXqFY85cufgmDCG' +
      'FFY2+CxlxfpL6rQYIQYi06KqgS8P5pfeqp0l/n3J3C25BrNDTWjU9BAUOhJSyoUrbCwtorlLv45EZraWfNo8ieUfLRSl1iIldBeK+orSCkl1ehyUUs' +
      'SSgDYqG7M8tsE1ws92VF7XNsFbapbpCGJCY8AqiJw4bv7SE0gX0p/nzFnz0McvA4rf9YIWOdu6B6Cc3sRc9XocCFPyGducSiaZMuwn0Bh+c5jLV6EA' +
      '+QKEBweEhB96gXgAAAAAAdcCwAIAAEKRZ8OoAAr8AgAAAAAAWVo=',
    'base64',
  ),
} as const;

/** `SAMPLE_TEXT`, as zip packs it with LZMA: with a mark at its end. */
export const ZIP_LZMA = Buffer.from(
  'CQQFAF0AAIAAADYaSh8Mo++lUyDZdclPqhOGqN/aQvwbMYDqQrQINjNKjHX+O5ws4/7pypV2c7T4BgCrIVE6U/4rb64fwEsZoLMrJY6s0loPbQIjXM' +
    'fQXHHUhjEGDGbGRiVb9boK2tLTF0iLmTz258KuIyq6DA+TqQpCa7gZSc6spEk//MaSR44Koe1TTg5LZ5EZ+5dnGKnh1ICdeZkcVXaAYo45zwkml+LY' +
    'jVGueQCrdIzTlcAkEqAJDheCA0nYr6k5N9JPWjy5GZWPofNK/Soe3300BGolRQA723J4hDvU1LkFb6rPSuBpkkum/DOcVafB3YfTGhj23//8xKzx',
  'base64',
);

/** `FAR_TEXT`, as zip packs it with Deflate64. */
export const DEFLATE64 = Buffer.from(
  '7cHRoaswCADQf6Z4q4mICVISKcWU6d8Ad4Wew93f8U+7HbDRC591+CWjbrtryOXQdHlQJoUvbbo8KGFvTx5rs8u7fOZHul8G6mLEEUwmri5GHNDnFT' +
    'duNuhce+7rpGEQWOaaqW6FgWWuCW/c85TDn+hz8Jg9Hgee4ZKIKR6TZ7gkwulf3PJV3YYeceiwXpDNi0VVuLxl82JR+OrfMCmUsQpZgyaFMhasHw8n' +
    '2OiFzzr8klG33TXkcmi6PCiTwpc2XR6UsLcnj7XZ5V0+8yPdLwN1MeIIJhNXFyMO6POKGzcbdK4993XSMAgsc81Ut8LAMteEN+55yuFP9Dl4zB6PA8' +
    '9wScQUj8kzXBLh9C9u+apuQ484dFgvyObFoipc3rJ5sSh89W+YFMpYhaxBk0IZC76/+3/fX1wEqB+RO9johc86/JJRt9015HJoujwok8KXNl0elLC3' +
    'J4+12eVdPvMj3S8DdTHiCCYTVxcjDujzihs3G3SuPfd10jAILHPNVLfCwDLXhDfuecrhT/Q5eMwejwPPcEnEFI/JM1wS4fQvbvmqbkOPOHRYL8jmxa' +
    'IqXN6yebEofPVvmBTKWIWsQZNCGQt0e8c/7XbAfw==',
  'base64',
);
