/*
 * Made by test/text/write-lookalikes.ts from confusables.txt, version 14.0.0, of Unicode Security Mechanisms (UTS #39):
 * letters and digits of Latin, Greek and Cyrillic, each followed by what looks like it, as hexadecimal code points.
 *
 * Copyright © 2021 Unicode, Inc. Unicode License v3 (https://www.unicode.org/license.txt):
 * Permission is hereby granted, free of charge, to any person obtaining a copy of data files and any associated documentation
 * (the "Data Files") or software and any associated documentation (the "Software") to deal in the Data Files or Software
 * without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, and/or sell
 * copies of the Data Files or Software, and to permit persons to whom the Data Files or Software are furnished to do so,
 * provided that either (a) this copyright and permission notice appear with all copies of the Data Files or Software, or (b)
 * this copyright and permission notice appear in associated Documentation.
 * THE DATA FILES AND SOFTWARE ARE PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT
 * LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT OF THIRD PARTY RIGHTS.
 * IN NO EVENT SHALL THE COPYRIGHT HOLDER OR HOLDERS INCLUDED IN THIS NOTICE BE LIABLE FOR ANY CLAIM, OR ANY SPECIAL INDIRECT
 * OR CONSEQUENTIAL DAMAGES, OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF
 * CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THE DATA FILES
 * OR SOFTWARE. Except as contained in this notice, the name of a copyright holder shall not be used in advertising or
 * otherwise to promote the sale, use or other dealings in these Data Files or Software without prior written authorization of
 * the copyright holder.
 */
export const LOOKALIKES = `
32 a75a 1a7 3e8 a644 14bf a6ef, 32+335 1bb, 33 1d206 a7ab 21c 1b7 a76a 2ccc 417 4e0 16f3b 118ca, 33+326 498,
34 13ce 118af, 35 1bc 118bb, 36 2cd2 431 13ee 118d5, 37 1d212 104d2 118c6, 38 b03 9ea a6a 1e8cb 223 222 1031a,
39 a67 b68 9ed d6d a76e 2cca 118cc 118ac 118d6, 61 237a 251 3b1 430, 41 391 410 13aa 15c5 a4ee 16f40 102a0, 61+332 2376,
103 1ce, 102 1cd, e5 227, c5 226, 1ea3 1e9a, 61+61 a733, 41+41 a732, 61+65 e6 4d5, 41+45 c6 4d4, 61+6f a735, 41+4f a734,
41+52 1f707, 61+75 a737, 41+55 a736, 61+76 a739 a73b, 41+56 a738 a73a, 61+79 a73d, 41+59 a73c, 1d00 ab7a,
2c6f 2200 1d217 15c4 a4ef, 2c70 1041f, 62 184 42c 13cf 1472 15af, 42 a7b4 392 412 13f4 15f7 a4d0 10282 102a1 10301,
62+314 253, 62+307 1473, 62+304 183 182 411, 62+335 180 48d 48c 463 462, 62+6c 42b, 299 432 13fc,
63 1d04 3f2 2ca5 441 abaf 1043d, 43 1f74c 118f2 118e9 3f9 2ca4 421 13df a4da 102a2 10302 10415 1051c, 63+338 a2 23c,
43+20eb 20a1, 43+20e0 1f16e, 63+326 e7 4ab, 43+326 c7 4aa, a793 22f4 25b 3b5 2c89 454 511 ab9b 118ce 10429,
a792 20ac 2c88 404, a793+332 2377, a73f 37d, a73e 3ff, 64 501 13e7 146f a4d2, 44 13a0 15de 15ea a4d3, 64+314 257,
64+328 256, 64+304 18c, 64+335 111, 44+335 110 d0 189, 64+335+331 20ab, a779 a77a, 64+21d 2a4, 64+7a 2a3, 64+291 2a5,
1d05 ab70, 1e9f 2e39 3b4 56e 1577, 65 212e ab32 435 4bd, 45 22ff 395 415 2d39 13ac a4f0 118a6 118ae 10286, 115 11b,
114 11a, 65+338 247, 45+338 246, 65+328 4bf, 1d07 ab7c, 1dd 259 4d9, 18e 2203 2d3a a4f1, 1dd+6f 1d14, 1dd+6f+338 ab41,
1dd+6f+335 ab42, 18f 4d8, 190 1d221 510 13cb 16f2d 10401, 1d4b 1d9f, 25c 1d08 437, 25c+326 499, 25e 10442, 29a a79d 1042a,
66 ab35 a799 17f 1e9d 584, 46 1d213 a798 3dc 15b4 a4dd 118c2 118a2 10287 102a5 10525, 66+326 192, 46+326 191, 66+334 1d6e,
66+14b 2a9, 2132 15b5 a4de, a7fb 1d230 15b7, 67 261 1d83 18d 581, 47 50c 13c0 13f3 a4d6, 1d4d 1da2, 67+314 260, 11f 1e7,
11e 1e6, 123 1f5, 67+335 1e5, 47+335 1e4, 262 50d ab90 13fb, 68 4bb 570 13c2, 48 397 2c8e 41d 13bb 157c a4e7 102cf,
1d34 1d78, 68+314 266 a695 13f2, 48+329 2c67 4a2, 68+335 127 45b, 48+335 126, 48+326 4c9 4c7, 29c 43d ab8b, 29c+329 4a3,
29c+326 4ca 4c8, 1f6 50a, 2c76 ab80, 2c75 370 13a8 13b0 a6b1, a727 a795,
69 2db 2373 131 26a 269 3b9 37a 456 a647 4cf ab75 13a5 118c3, 69+332 2378, 12d 1d0, 12c 1cf, 69+335 268 1d7b 1d7c,
6a 3f3 458, 4a a7b2 37f 408 13ab 148d a4d9, 6a+335 249, 4a+335 248, 237 575, 1d0a ab7b,
4b 39a 2c94 41a 13e6 16d5 a4d7 10518, 6b+314 199, 4b+329 2c69 49a, 4b+335 20ad a740 49e,
6c 5c0 7c 2223 23fd ffe8 31 661 6f1 10320 1e8c7 49 196 1c0 399 2c92 406 4c0 5d5 5df 627 7ca 2d4f 16c1 a4f2 16f28 1028a 10309,
4c 1d22a 2cd0 13de 14aa a4e1 16f16 118a3 118b2 1041b 10526, 6c+30b fd3c fd3d, 6c+338 142, 4c+338 141, 6c+328 26d,
6c+335 197 19a, 6c+334 26b, 6c+655 625 673, 6c+6c 2016 2225 1c1 5f0, 6c+335+6c+335 10199, 6c+335+6c+335+53+335 10198,
6c+4f 42e, 6c+73 2aa, 6c+74 20b6, 6c+21d 26e, 6c+7a 2ab, 29f 2cd1 abae 10443,
4d 39c 3fa 2c98 41c 13b7 15f0 16d6 a4df 102b0 10311, 4d+326 4cd, 4d+42 1f76b, 6e 578 57c, 4e 39d 2c9a a4e0 10513,
4e+30a 1018e, 6e+328 273, 6e+329 19e 3b7, 4e+326 19d, 6e+334 1d70, 1d0e 377 438 1044d, 272 146,
6f c02 c82 d02 d82 966 a66 ae6 be6 c66 ce6 d66 e50 ed0 1040 665 6f5 1d0f 1d11 ab3d 3bf 3c3 2c9f 43e 10ff 585 5e1 647 6be 6c1 6d5 d20 101d 104ea 118c8 118d7 1042c,
4f 30 7c0 9e6 b66 3007 114d0 118e0 39f 2c9e 41e 555 2d54 12d0 b20 104c2 a4f3 118b5 10292 102ab 10404 10516, ba 2070 1d52,
14f 1d2, 14e 1d1, 6f+302 6ff, d6 150, 6f+338 f8 ab3e, 4f+338 d8 2d41, 4f+338+301 1fe, 6f+335 275 a74b 4e9 473 ab8e abbb,
4f+335 2296 229d 236c 1d21a 1f714 19f a74a 3b8 398 4e8 472 2d31 13be 13eb, 6f+31b ab74, 6f+65 153, 4f+45 152, 6f+1d07 276,
6f+6f 221e a74f a699, 4f+4f a74e a698, 254 2184 1d10 37b 1044b, 186 2183 3fd a4db 10423, 254+338 ab3f, 254+65 ab62,
277 1043f, 70 2374 3c1 2ca3 440, 50 3a1 2ca2 420 13e2 146d a4d1 10295, 70+314 1a5, 70+335 1d7d, 1d18 1d29 abb2,
278 3c6 2cab 444, 71 51b 563 566, 51 2d55, 71+314 2a0, 51+45 1f700, 24b 1d90, 138 1d0b 3ba 2c95 43a abb6, 138+329 49b,
138+335 49f, 72 ab47 ab48 1d26 2c85 433 ab81, 52 1d216 1a6 13a1 13d2 104b4 1587 a4e3 16f35, 72+328 27d, 72+329 27c,
72+335 24d 493, 72+334 1d72, 72+6e 118e3 6d 11700, 72+6e+338 20a5, 72+6e+326 271, 72+6e+334 1d6f, 280 ab71 aba2, 1d19 44f,
27e+334 1d73, 27f 2129, 73 a731 1bd 455 abaa 118c1 10448, 53 405 54f 13d5 13da a4e2 16f3a 10296 10420, 73+328 282,
73+334 1d74, df a7b5 3b2 13f0, 73+73+73 1f75c, 283 222b ab4d, 1a9 2211 3a3 2d49,
54 22a4 27d9 1f768 3a4 2ca6 422 13a2 a4d4 16f0a 118bc 10297 102b1 10315, 74+314 1ad, 54+308 2361, 54+338 23e, 162 21a,
54+328 1ae, 54+329 4ac, 54+20eb 20ae, 74+335 167, 54+335 166, 74+334 1d75, a786 10a0, 54+33 a728, 74+255 2a8, 74+66 a777,
74+73 2a6, 74+283 2a7, 74+21d a729, 1d1b 3c4 442 ab72, 1d1b+329 4ad, 1ab 163 21b 13bf,
75 a79f 1d1c ab4e ab52 28b 3c5 57d 104f6 118d8, 55 222a 22c3 54d 1200 104ce 144c a4f4 16f42 118b8, 16d 1d4, 16c 1d3,
75+335 1d7e ab9c, 55+335 244 13cc, 75+65 1d6b, 75+6f ab63, ab51 1e43, 270 57a 1223, 1b1 2127 162e 1634, 28a+335 1d7f,
76 2228 22c1 1d20 3bd 475 5d8 11706 aba9 118c0, 56 1d20d 667 6f7 474 2d38 13d9 142f a6df a4e6 16f08 118a0 1051d,
56+335 10197, 56+42 1f76c, 56+1de4 1f708, 28c 1d27 104d8, 245 668 6f8 39b 41b 2d37 104b0 1431 a6ce a4e5 16f3d 1028d,
245+326 4c5, 77 26f 1d21 461 51d 561 1170a 1170e 1170f ab83, 57 118ef 118e6 51c 13b3 13d4 a4ea, 77+486+487 47d,
77+307 114c5, 57+335 20a9, 77+326 a761, 28d 1d0d 43c ab87, 28d+326 4ce, 78 166e d7 292b 292c 2a2f 445 1541 157d,
58 166d 2573 10322 118ec a7b3 3a7 2cac 425 2d5d 16b7 a4eb 10290 102b4 10317 10527, 78+307 2a30, 58+329 4b2, 58+335 10196,
79 263 1d8c 28f 1eff ab5a 3b3 443 4af 10e7 118dc, 59 3a5 2ca8 423 4ae 13a9 13bd a4ec 16f43 118a4 102b2, 79+314 1b4,
79+335 24f 4b1, 59+335 a5 24e 4b0, 21d 292 a76b 2ccd 4e1 10f3, 7a 1d22 ab93 118c4, 5a 102f5 118e5 396 13c3 a4dc 118a9,
7a+328 290, 7a+335 1b6, 5a+335 1b5, 7a+326 225, 5a+326 224, 7a+334 1d76, fe 1bf 3f8, de 3f7 104c4, a770 2079,
1a8 1d24 3e9 a645, 185 44c ab9f, 185+69 44b, 242 ab7e, 2a1 a6cd, 298 2299 2609 2a00 a668 2d59 104c3,
393 2c84 413 13b1 14a5 16f07, 393+335 492, 394 2206 25b3 1f702 2c86 2d60 1403 16f1a 10285 102a3, 394+332 2359, 3d7 2ce4,
3bb 2c96 104db, 3c0 1d28 43f, 3a0 220f 2ca0 41f a6db, 3d8 102ad 10312, 3c2 3db, 3a6 2caa 424 553 1240 16f0 102b3,
3c7 ab53 ab55 2cad, 3c8 471 104f9, 3a8 2cae 470 104d1 16d8 102b5, 3c9 2375 a7b7 2cb1 a64d, 3a9 162f 1635 102b6,
3c9+332 2379, 1ff4 1f7d, 436+329 497, 416+329 496, 418 1d20b 376 a6a1 10425, 40d 419, 40d+326 48a, 439 45d, 439+326 48b,
4c3 104bc, 43b 1d2b, 43b+326 4c6, 459 ab60, a669 104eb, 40b 104cd, 4fe 1d202, 460 1d222 13c7 15ef, 460+486+487 47c,
a64c a7b6, 4b7 4cc, 4b6 4cb, 4bc+328 4be, 448 2cbd, 428 2cbc, 42a+6c a650, 42d 2108, a658 1f701 16f1c
`;
