// Checks cucumber.ndjson and cucumber.json of a reports folder against what Cucumber itself publishes: the schema of the
// messages, the HTML formatter, and the schema of the classic JSON as cucumber-jvm writes it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

const [reports, packages] = process.argv.slice(2)
const require = createRequire(join(packages, 'package.json'))
const Ajv2020 = require('ajv/dist/2020.js')
const Ajv = require('ajv')
const { CucumberHtmlStream } = require('@cucumber/html-formatter')
const read = (name) => readFileSync(join(reports, name), 'utf8')
const problems = []

const messages = read('cucumber.ndjson').trimEnd().split('\n').map((line) => JSON.parse(line))
const schema = JSON.parse(readFileSync(join(packages, 'node_modules/@cucumber/messages/messages.schema.json')))
const isMessage = new Ajv2020.default({ strict: false }).compile(schema)
messages.forEach((message, line) => {
  if (!isMessage(message)) problems.push(`cucumber.ndjson:${line + 1}: ${JSON.stringify(isMessage.errors)}`)
})
problems.push(...dangling(messages))

const converter = join(packages, 'node_modules/@cucumber/cucumber-json-converter/dist/cjs/src')
const { default: classic } = require(join(converter, 'cucumber-jvm/CucumberJvmSchema.js'))
const isClassic = new Ajv.default({ strict: false }).compile(classic)
if (!isClassic(JSON.parse(read('cucumber.json')))) problems.push(`cucumber.json: ${JSON.stringify(isClassic.errors)}`)

const page = []
const formatter = new CucumberHtmlStream()
formatter.on('data', (chunk) => page.push(chunk))
await pipeline(Readable.from(messages, { objectMode: true }), formatter)
mkdirSync(join(reports, 'checked'), { recursive: true })
writeFileSync(join(reports, 'checked', 'cucumber.html'), page.join(''))

if (problems.length > 0) {
  console.error(problems.slice(0, 20).join('\n'))
  process.exit(1)
}
console.log(`${messages.length} messages, ${new Set(messages.map((it) => Object.keys(it)[0])).size} kinds: valid`)

/** Ids that are pointed to and are nobody's, or are somebody's twice; the schema cannot say this. */
function dangling(messages) {
  const ids = new Map()
  const pointers = new Set()
  const walk = (value, key) => {
    if (Array.isArray(value)) return value.forEach((item) => walk(item, key))
    if (value && typeof value === 'object') return Object.entries(value).forEach(([key, item]) => walk(item, key))
    if (key === 'id') ids.set(value, (ids.get(value) ?? 0) + 1)
    if (/(Id|Ids)$/.test(key)) pointers.add(value)
  }
  messages.forEach((message) => walk(message, ''))
  const double = [...ids].filter(([, count]) => count > 1).map(([id]) => `id ${id} is used twice`)
  return double.concat([...pointers].filter((id) => !ids.has(id)).map((id) => `nothing has the id ${id}`))
}
