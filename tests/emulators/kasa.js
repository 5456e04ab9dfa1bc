// Devices of tplink-smarthome-simulator, told what to do by lines of JSON on standard input:
// {"do": "start", "name": ..., "model": ..., "host": ..., "port": ..., "sysinfo": {...}} and so on.
// Each line is answered by one: {"sysinfo": ..., "log": [...], "connections": n}, or {"error": ...}.
const { Device, UdpServer } = require('tplink-smarthome-simulator');

const devices = {};

function made({ model, host, port, data }) {
  const device = new Device({ model, address: host, port, data });
  const process = device.processMessage.bind(device);
  Object.assign(device, { faults: {}, log: [], sockets: new Set(), accepted: 0 });
  device.processMessage = (message, encrypt, customizer) => {
    const request = JSON.parse(message);
    device.log.push(request);
    if (device.faults.silent) return { response: undefined };
    if (device.faults.instead !== undefined) {
      return { response: encrypt(device.faults.instead), responseForLog: '' };
    }
    const [module, method] = Object.entries(request).find(([name]) => name !== 'context');
    if (device.faults.refuse && device.faults.refuse in method) {
      const refused = { [device.faults.refuse]: { err_code: -3, err_msg: 'invalid argument' } };
      return { response: encrypt(JSON.stringify({ [module]: refused })), responseForLog: '' };
    }
    const before = JSON.stringify(device.data.system.sysinfo);
    const answer = process(message, encrypt, customizer);
    if (device.faults.lie) Object.assign(device.data.system.sysinfo, JSON.parse(before));
    return answer;
  };
  return device;
}

async function up(device) {
  await device.start();
  device.deviceNetworking.removeAllListeners('error').on('error', () => {});
  device.deviceNetworking.server.on('connection', (socket) => {
    device.accepted += 1;
    device.sockets.add(socket);
    socket.on('close', () => device.sockets.delete(socket));
  });
}

async function down(device) {
  for (const socket of device.sockets) socket.resetAndDestroy();
  await device.stop();
}

const merge = (into, from) => {
  for (const [key, value] of Object.entries(from)) {
    if (value && typeof value === 'object' && into[key]) merge(into[key], value);
    else into[key] = value;
  }
};

const actions = {
  async start({ name, ...what }) {
    devices[name] = made(what);
    await up(devices[name]);
  },
  async stop({ name }) {
    await down(devices[name]);
    delete devices[name];
  },
  async up({ name }) {
    await up(devices[name]);
  },
  async down({ name }) {
    await down(devices[name]);
  },
  faults({ name, faults }) {
    devices[name].faults = faults;
    devices[name].endSocketAfterResponse = faults.closes;
  },
  set({ name, data }) {
    merge(devices[name].data, data);
  },
  broadcast: () => UdpServer.start(),
  quiet: () => UdpServer.stop(),
  see() {},
};

function seen(device) {
  const { data, port, address, log, accepted } = device;
  return { data, port, address, log, accepted, open: device.sockets.size };
}

let turn = Promise.resolve();
require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
  turn = turn.then(async () => {
    const { do: action, ...what } = JSON.parse(line);
    let answer;
    try {
      await actions[action](what);
      answer = what.name in devices ? seen(devices[what.name]) : {};
    } catch (error) {
      answer = { error: String(error) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  });
}).on('close', () => process.exit());
