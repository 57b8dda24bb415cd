import { describe, expect, it } from 'vitest';
import { fixed, parses } from './plan.ts';

type Case = readonly [before: string, after: string];

function replaced(language: string, path: string, cases: readonly Case[]): void {
  describe(language, () => {
    it.each(cases)('%j becomes %j', async (before, after) => {
      const outcome = fixed(path, before);
      expect(outcome.refused).toEqual([]);
      expect(outcome.text).toBe(after);
      expect(await parses(path, before)).toBe(true);
    });
  });
}

function left(language: string, path: string, cases: readonly (readonly [text: string, why: RegExp])[]): void {
  describe(`${language} that is left alone`, () => {
    it.each(cases)('%j', (text, why) => {
      const outcome = fixed(path, text);
      expect(outcome.text).toBe(text);
      expect(outcome.refused.length).toBeGreaterThan(0);
      for (const reason of outcome.refused) expect(reason).toMatch(why);
    });
  });
}

// `$` and `{` apart, so that nobody takes them for a template that was forgotten.
const hole = (inner: string) => `$\{${inner}}`;

replaced('JavaScript', 'a.js', [
  [`const a = 'VALUE';`, 'const a = process.env.NAME;'],
  ['f("VALUE", 1);', 'f(process.env.NAME, 1);'],
  ['x = { key: "VALUE" }', 'x = { key: process.env.NAME }'],
  ['x = { "VALUE": 1, b: 2 }', 'x = { [process.env.NAME]: 1, b: 2 }'],
  ['x = c ? "VALUE" : "b"', 'x = c ? process.env.NAME : "b"'],
  ['x = `VALUE`', 'x = process.env.NAME'],
  ['x = `Bearer VALUE`', `x = \`Bearer ${hole('process.env.NAME')}\``],
  [`x = \`${hole('f("VALUE")')}\``, `x = \`${hole('f(process.env.NAME)')}\``],
  ["x = 'Bearer VALUE'", `x = \`Bearer ${hole('process.env.NAME')}\``],
  ["x = 'it\\'s VALUE'", `x = \`it\\'s ${hole('process.env.NAME')}\``],
  ['x = "db://a:VALUE1@h/VALUE2"', `x = \`db://a:${hole('process.env.NAME')}@h/${hole('process.env.NAME_2')}\``],
  ['x = process.env.TOKEN || "VALUE";', 'x = process.env.TOKEN;'],
  ['x = process.env["TOKEN"] ?? "VALUE";', 'x = process.env.TOKEN;'],
  ['function f(){return"VALUE"}', 'function f(){return process.env.NAME}'],
  ['x = /["\'`]/.test("VALUE")', 'x = /["\'`]/.test(process.env.NAME)'],
  ["// it's\nx = 'VALUE' // don't", "// it's\nx = process.env.NAME // don't"],
  ['import a from "b";\nexport const x = "VALUE";', 'import a from "b";\nexport const x = process.env.NAME;'],
  ['x = ["VALUE"].map(f)', 'x = [process.env.NAME].map(f)'],
  ['"use strict";\r\nconst a = "VALUE";\r\n', '"use strict";\r\nconst a = process.env.NAME;\r\n'],
]);
left('JavaScript', 'a.js', [
  ['// const a = "VALUE"', /comment/],
  ['x = tag`VALUE`', /function is called with the template/],
  ["x = 'a ` VALUE'", /cannot be made a template/],
  ['x = /VALUE/', /does not stand in one string/],
  ['import x from "VALUE"', /name of a module/],
  ['const a = import.meta.env.X; x = "VALUE"', /browsers/],
  ["'use client'\nconst x = 'VALUE'", /browsers/],
]);
replaced('JSX', 'a.jsx', [
  ['x = <Client key="VALUE" />', 'x = <Client key={process.env.NAME} />'],
  ['x = <A b={1} c="d" e key="VALUE"/>', 'x = <A b={1} c="d" e key={process.env.NAME}/>'],
  ['x = <A\n  b={{ c: 1 }}\n  key="VALUE"\n/>', 'x = <A\n  b={{ c: 1 }}\n  key={process.env.NAME}\n/>'],
  ['x = <A key="Bearer VALUE" />', `x = <A key={\`Bearer ${hole('process.env.NAME')}\`} />`],
  ['const key="VALUE"', 'const key=process.env.NAME'],
  ['if (a<b) key="VALUE"', 'if (a<b) key=process.env.NAME'],
]);
left('JSX', 'a.jsx', [['x = <p>VALUE</p>', /one string/]]);
replaced('TypeScript', 'a.ts', [
  ['const a: string = "VALUE";', 'const a: string = process.env.NAME!;'],
  ['const a = `Bearer VALUE`;', `const a = \`Bearer ${hole('process.env.NAME')}\`;`],
  ['const a = { key: "VALUE" } as const;', 'const a = { key: process.env.NAME! } as const;'],
  ['const a = b || "VALUE";', 'const a = b || process.env.NAME!;'],
]);
left('TypeScript', 'a.ts', [
  ['type A = "VALUE";', /type/],
  ['let a = b as "VALUE";', /type/],
  ['type A = "x" | "VALUE";', /type/],
  ['enum E { A = "VALUE" }', /enum/],
  ['const a = { "VALUE": 1 };', /key of an object/],
]);
left('declarations', 'a.d.ts', [['declare const a: "VALUE";', /declares types/]]);

replaced('Python', 'a.py', [
  ['a = "VALUE"\n', 'import os\n\na = os.environ["NAME"]\n'],
  ["import os\na = 'VALUE'\n", "import os\na = os.environ['NAME']\n"],
  ['import sys, os\na = "VALUE"\n', 'import sys, os\na = os.environ["NAME"]\n'],
  ['import os.path as p\na = "VALUE"\n', 'import os\nimport os.path as p\na = os.environ["NAME"]\n'],
  ['"""import os\nimport os"""\na = "VALUE"\n', '"""import os\nimport os"""\nimport os\n\na = os.environ["NAME"]\n'],
  ['a = "VALUE"\nimport os\n', 'import os\n\na = os.environ["NAME"]\nimport os\n'],
  [
    '#!/usr/bin/python\n"""Doc."""\nfrom __future__ import (\n  annotations,\n)\nimport re\na = "VALUE"\n',
    '#!/usr/bin/python\n"""Doc."""\nfrom __future__ import (\n  annotations,\n)\nimport os\nimport re\na = os.environ["NAME"]\n',
  ],
  ['import os\na = f"Bearer VALUE"\n', 'import os\na = f"Bearer {os.environ[\'NAME\']}"\n'],
  ['import os\na = "Bearer VALUE"\n', 'import os\na = f"Bearer {os.environ[\'NAME\']}"\n'],
  ["import os\na = 'x://u:VALUE@h'\n", 'import os\na = f\'x://u:{os.environ["NAME"]}@h\'\n'],
  ['import os\na = r"VALUE"\n', 'import os\na = os.environ["NAME"]\n'],
  ['import os\na = u"x VALUE"\n', 'import os\na = f"x {os.environ[\'NAME\']}"\n'],
  ['import os\na = """VALUE"""\n', 'import os\na = os.environ["NAME"]\n'],
  ['import os\na = os.environ.get("TOKEN", "VALUE")\n', 'import os\na = os.environ["TOKEN"]\n'],
  ["import os\na = os.getenv('TOKEN', default='VALUE')\n", "import os\na = os.environ['TOKEN']\n"],
  ['import os\na = os.getenv("TOKEN") or "VALUE"\n', 'import os\na = os.environ["TOKEN"]\n'],
  ['import os\na = {\n  "k": "VALUE",\n}\n', 'import os\na = {\n  "k": os.environ["NAME"],\n}\n'],
  ['import os\nf(k="VALUE")\n', 'import os\nf(k=os.environ["NAME"])\n'],
  ['import os\na = f"{f(\'VALUE\')}"\n', 'import os\na = f"{f(os.environ[\'NAME\'])}"\n'],
  ['import re\r\na = "VALUE"\r\n', 'import os\r\nimport re\r\na = os.environ["NAME"]\r\n'],
  ['def f():\n    k = "VALUE"\n    return k', 'import os\n\ndef f():\n    k = os.environ["NAME"]\n    return k'],
]);
left('Python', 'a.py', [
  ['a = b"VALUE"\n', /byte string/],
  ['a = rb"VALUE"\n', /byte string/],
  ['a = "x" "VALUE"\n', /several pieces/],
  ['a = ("x"\n  "VALUE")\n', /several pieces/],
  ['a = "x VALUE %s" % b\n', /pattern/],
  ['a = "{} VALUE".format(b)\n', /pattern/],
  ['def f():\n  """VALUE is a doc."""\n', /documents/],
  ['# a = "VALUE"\n', /comment/],
  ['import x as os\na = "VALUE"\n', /something else/],
  ['match a:\n  case "VALUE":\n    pass\n', /pattern of a match/],
  ['a: Literal["VALUE"]\n', /type/],
]);

replaced('Ruby', 'a.rb', [
  ['a = "VALUE"\n', 'a = ENV.fetch("NAME")\n'],
  ["a = 'VALUE'\n", "a = ENV.fetch('NAME')\n"],
  ['a = "x #{b} VALUE"\n', 'a = "x #{b} #{ENV.fetch("NAME")}"\n'],
  ["a = 'Bearer VALUE'\n", 'a = "Bearer #{ENV.fetch("NAME")}"\n'],
  ['f("VALUE" => 1)\n', 'f(ENV.fetch("NAME") => 1)\n'],
  ['a = ENV.fetch("TOKEN", "VALUE")\n', 'a = ENV.fetch("TOKEN")\n'],
  ['a = ENV.fetch("TOKEN") { "VALUE" }\n', 'a = ENV.fetch("TOKEN")\n'],
  ["a = ENV['TOKEN'] || 'VALUE'\n", "a = ENV.fetch('TOKEN')\n"],
  ['a = <<~EOS\n  key VALUE\nEOS\n', 'a = <<~EOS\n  key #{ENV.fetch("NAME")}\nEOS\n'],
  ['puts"VALUE"\n', 'puts ENV.fetch("NAME")\n'],
  ["a = %w[it's]\nb = 'VALUE'\n", "a = %w[it's]\nb = ENV.fetch('NAME')\n"],
]);
left('Ruby', 'a.rb', [
  ["a = <<~'EOS'\n  key VALUE\nEOS\n", /taken as it is written/],
  ['a = { "VALUE": 1 }\n', /symbol/],
  ['a = :"VALUE"\n', /symbol/],
  ['a = \'say "VALUE"\'\n', /cannot be given expressions/],
  ['a = "x" "VALUE"\n', /several pieces/],
  ['=begin\na = "VALUE"\n=end\n', /comment/],
  ['# a = "VALUE"\n', /comment/],
  ['a = %w[VALUE]\n', /one string/],
  ['b = 1\n__END__\na = "VALUE"\n', /comment/],
]);

replaced('Go', 'a.go', [
  ['package a\n\nvar k = "VALUE"\n', 'package a\n\nimport "os"\n\nvar k = os.Getenv("NAME")\n'],
  [
    'package a\n\nimport "fmt"\n\nfunc f() { fmt.Print("VALUE") }\n',
    'package a\n\nimport "os"\n\nimport "fmt"\n\nfunc f() { fmt.Print(os.Getenv("NAME")) }\n',
  ],
  [
    'package a\n\nimport (\n\t"fmt"\n\t"time"\n\n\t"x.org/y"\n)\n\nvar k = "VALUE"\n',
    'package a\n\nimport (\n\t"fmt"\n\t"os"\n\t"time"\n\n\t"x.org/y"\n)\n\nvar k = os.Getenv("NAME")\n',
  ],
  [
    'package a\n\nimport (\n\t"time"\n)\n\nvar k = "VALUE"\n',
    'package a\n\nimport (\n\t"os"\n\t"time"\n)\n\nvar k = os.Getenv("NAME")\n',
  ],
  ['package a\n\nimport "os"\n\nvar k = `VALUE`\n', 'package a\n\nimport "os"\n\nvar k = os.Getenv("NAME")\n'],
  [
    'package a\n\nimport "os"\n\nvar k = "Bearer VALUE"\n',
    'package a\n\nimport "os"\n\nvar k = "Bearer " + os.Getenv("NAME")\n',
  ],
  [
    'package a\n\nimport "os"\n\nvar k = "x:VALUE@h"[1:]\n',
    'package a\n\nimport "os"\n\nvar k = ("x:" + os.Getenv("NAME") + "@h")[1:]\n',
  ],
  [
    'package a\n\nimport "os"\n\nconst a = 1\n\nvar m = map[string]string{"VALUE": "b"}\n',
    'package a\n\nimport "os"\n\nconst a = 1\n\nvar m = map[string]string{os.Getenv("NAME"): "b"}\n',
  ],
]);
left('Go', 'a.go', [
  ['package a\nconst k = "VALUE"\n', /constant/],
  ['package a\nconst (\n\ta = 1\n\tk = "VALUE"\n)\n', /constant/],
  ['package a\nfunc f() {\n\tconst k string = "VALUE"\n}\n', /constant/],
  ['package a\ntype T struct {\n\tA string `json:"VALUE"`\n}\n', /tag/],
  ['package a\nvar k Key = "VALUE"\n', /another type/],
  ['package a\nimport os "x/y"\nvar k = "VALUE"\n', /something else/],
  ['package a\n// var k = "VALUE"\n', /comment/],
]);

replaced('Java', 'A.java', [
  ['class A { String k = "VALUE"; }', 'class A { String k = System.getenv("NAME"); }'],
  [
    'class A { private static final String K = "VALUE"; }',
    'class A { private static final String K = System.getenv("NAME"); }',
  ],
  ['class A { void f() { g("a", "VALUE"); } }', 'class A { void f() { g("a", System.getenv("NAME")); } }'],
  ['class A { @B("x") String k = "VALUE"; }', 'class A { @B("x") String k = System.getenv("NAME"); }'],
  ['class A { String k = "Bearer VALUE"; }', 'class A { String k = "Bearer " + System.getenv("NAME"); }'],
  ['class A { int k = "x VALUE".length(); }', 'class A { int k = ("x " + System.getenv("NAME")).length(); }'],
]);
left('Java', 'A.java', [
  ['class A { @B("VALUE") String k; }', /annotation/],
  ['class A { @B(k = { "a", "VALUE" }) String k; }', /annotation/],
  ['class A { public static final String K = "VALUE"; }', /constant/],
  ['interface A { String K = "VALUE"; }', /constant/],
  ['class A { private static final String K = "VALUE"; @B(K) int x; }', /annotation or a switch/],
  ['class A { void f(String s) { switch (s) { case "VALUE": } } }', /label/],
  ['@interface A { String k() default "VALUE"; }', /annotation/],
]);

replaced('shell', 'a.sh', [
  ['NAME=VALUE\n', `NAME="${hole('NAME:?')}"\n`],
  ["export NAME='VALUE'\n", `export NAME="${hole('NAME:?')}"\n`],
  ['X="VALUE"\n', `X="${hole('NAME:?')}"\n`],
  ['curl -H "Bearer VALUE" x\n', `curl -H "Bearer ${hole('NAME:?')}" x\n`],
  [`curl -d '{"k":"VALUE"}' x\n`, `curl -d '{"k":"'"${hole('NAME:?')}"'"}' x\n`],
  ['cat <<EOF\nk=VALUE\nEOF\n', `cat <<EOF\nk=${hole('NAME:?')}\nEOF\n`],
  ['x="$(f "VALUE")"\n', `x="$(f "${hole('NAME:?')}")"\n`],
  [`X=${hole('TOKEN:-VALUE')}\n`, `X=${hole('TOKEN:?')}\n`],
  ["# it's\nX=VALUE # don't\n", `# it's\nX="${hole('NAME:?')}" # don't\n`],
  ['NAME=a\nX=VALUE\n', `NAME=a\nX="${hole('NAME_2:?')}"\n`],
  ['case $a in b) X=VALUE;; esac\n', `case $a in b) X="${hole('NAME:?')}";; esac\n`],
]);
left('shell', 'a.sh', [
  ['# X=VALUE\n', /comment/],
  ["cat <<'EOF'\nk=VALUE\nEOF\n", /taken as it is written/],
  ["X=$'VALUE'\n", /taken as it is written/],
]);
left('what a shell starts with', '.bashrc', [['export X=VALUE\n', /makes the environment/]]);

const service = (line: string) => `services:\n  a:\n    environment:\n      ${line}\n`;
replaced('compose', 'docker-compose.prod.yml', [
  [service('K: VALUE'), service(`K: ${hole('NAME:?')}`)],
  [service('K: "VALUE"'), service(`K: "${hole('NAME:?')}"`)],
  [service('- K=VALUE'), service(`- K=${hole('NAME:?')}`)],
  [service('U: postgres://a:VALUE@db/x'), service(`U: postgres://a:${hole('NAME:?')}@db/x`)],
  [service(`K: ${hole('TOKEN:-VALUE')}`), service(`K: ${hole('TOKEN:?')}`)],
]);
left('compose', 'compose.yaml', [
  [service('# K: VALUE'), /one value/],
  [service('VALUE: a'), /key/],
  ['services: { a: { environment: { K: VALUE } } }\n', /without quotes/],
]);
const job = (lines: string) => `jobs:\n  a:\n    steps:\n      - ${lines}\n`;
replaced('workflows', '.github/workflows/a.yml', [
  [job('env:\n          K: VALUE'), job(`env:\n          K: ${hole('{ secrets.NAME }')}`)],
  [job('with:\n          k: "a VALUE"'), job(`with:\n          k: "a ${hole('{ secrets.NAME }')}"`)],
]);
left('workflows', '.github/workflows/a.yml', [
  [job('run: curl -u a:VALUE x'), /env or with/],
  [job('if: a == VALUE'), /env or with/],
]);
left('other YAML', 'k8s.yml', [
  ['apiVersion: v1\nkind: Pod\nk: VALUE\n', /Kubernetes/],
  ['k: VALUE\n', /not known/],
]);
left('actions', 'action.yml', [['runs:\n  env:\n    K: VALUE\n', /action/]]);

replaced('lists of variables', '.env.example', [
  ['A=b\nK=VALUE\n', 'A=b\nK=\n'],
  ['K="VALUE"', 'K=""'],
]);
left('JSON', 'a.json', [['{"k": "VALUE"}', /no variables/]]);
left('texts', 'README.md', [['k = "VALUE"', /not a program/]]);
left('Terraform', 'a.tf', [['k = "VALUE"', /Terraform/]]);
left('browsers', 'a.vue', [['<script>const k = "VALUE"</script>', /browsers/]]);
left('what has no name', 'a.unknown', [['k = "VALUE"', /this kind of file/]]);

describe('a program without an ending', () => {
  it.each([
    ['#!/bin/sh\nX=VALUE\n', `#!/bin/sh\nX="${hole('NAME:?')}"\n`],
    ['#!/usr/bin/env python3\nx = "VALUE"\n', '#!/usr/bin/env python3\nimport os\n\nx = os.environ["NAME"]\n'],
    ['#!/usr/bin/env node\nx = "VALUE"\n', '#!/usr/bin/env node\nx = process.env.NAME\n'],
    ['#!/usr/bin/env ruby\nx = "VALUE"\n', '#!/usr/bin/env ruby\nx = ENV.fetch("NAME")\n'],
  ])('is known by its first line: %j', (before, after) => {
    expect(fixed('run', before).text).toBe(after);
  });
});

describe('hostile texts', () => {
  it.each(['a.js', 'a.py', 'a.rb', 'a.go', 'A.java', 'a.sh', 'compose.yml'])('end in an answer in %s', (path) => {
    const deep = `${'`${'.repeat(2000)}"VALUE"`;
    const open = `"'\`<<EOF $(( ${'({['.repeat(2000)} "VALUE"`;
    for (const text of [deep, open, `${'"'.repeat(4001)}VALUE`, `${'\\'.repeat(4001)}"VALUE"`]) {
      const { refused, names } = fixed(path, text);
      expect(refused.length + names.length).toBe(1);
    }
  });
});
