// Tencent's npm client, unmodified: `node tencent_client.js PLAN`, as tencent_client.py beside it.
const fs = require('fs')
const { common, faceid } = require('tencentcloud-sdk-nodejs-intl-en')
const CommonClient = require('tencentcloud-sdk-nodejs-intl-en/tencentcloud/common/common_client')

const plan = JSON.parse(process.argv[2])
const sleep = ms => new Promise(done => setTimeout(done, ms))

function client (call) {
  const http = new common.HttpProfile()
  Object.assign(http, plan.http, call.http, { reqTimeout: 20 })
  const profile = new common.ClientProfile(call.sign, http)
  const key = new common.Credential(plan.key, call.secret || plan.secret)
  return new CommonClient('faceid.tencentcloudapi.com', '2018-03-01', key, 'ap-hongkong', profile)
}

const say = (one, action, asked) => new Promise((resolve, reject) =>
  one.request(action, asked, (error, told) => error ? reject(error) : resolve(told)))

async function verify (one, asked) {
  const applied = await say(one, 'ApplyCardVerification', asked)
  for (let turn = 0; turn < applied.AsyncCardVerificationMaxPollingTimes * 30; turn++) {
    const told = await say(one, 'GetCardVerificationResult', { CardVerificationToken: applied.CardVerificationToken })
    if (told.Status !== 'PROCESSING') {
      return { status: told.Status, warnings: told.WarnInfo,
        'same token': told.IDVerificationToken === applied.CardVerificationToken }
    }
    await sleep(100)
  }
  return { status: 'PROCESSING' }
}

async function play (call) {
  const picture = fs.readFileSync(plan.pictures[call.picture || 'portrait']).toString('base64')
  const asked = { Nationality: 'THA', CardType: 'ID_CARD', ImageBase64Front: picture, ...call.set }
  try {
    return await verify(client(call), asked)
  } catch (error) {
    return { code: error.code, message: error.message, 'request id': (error.requestId || '').length }
  }
}

(async () => {
  const told = {}
  for (const [name, call] of Object.entries(plan.calls)) told[name] = await play(call)
  console.log(JSON.stringify(told))
})()
