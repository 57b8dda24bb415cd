/**
 * Small files that a test cannot make itself: each says what it holds. Nothing in them is secret.
 */
import { gunzipSync } from 'node:zlib';

/** What the compressed samples hold. */
export const SAMPLE_TEXT = Array.from({ length: 200 }, (_, i) => `lines that repeat themselves, number ${i}\n`).join(
  '',
);

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
