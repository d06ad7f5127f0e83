// One question sent, and the events of its answer as they arrive.

export class Trouble extends Error {}

const BROKEN = "The connection broke before the answer was complete. Check that the server still runs, then ask again.";

export async function* askForEvents(fields, signal) {
  const reply = await send(fields, signal);
  if (!reply.headers.get("Content-Type")?.startsWith("text/event-stream")) throw new Trouble(await complaint(reply));
  for await (const event of events(reply.body, signal)) {
    yield event;
    // What may follow is the end of the connection: who asks next shall not wait for that.
    if (event.name === "answer") return;
  }
  throw new Trouble(BROKEN);
}

async function send(fields, signal) {
  const headers = { Accept: "text/event-stream" };
  try {
    return await fetch("/ask", { method: "POST", body: new URLSearchParams(fields), headers, signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Trouble("The server did not answer. Check that it still runs, then ask again.");
  }
}

async function complaint(reply) {
  if (reply.status === 401) location.assign("/login");
  const detail = await reply.json().then((body) => body.detail, () => null);
  return typeof detail === "string" ? detail : "That did not work. Reload the page, then ask again.";
}

async function* events(body, signal) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  while (true) {
    const { value, done } = await read(reader, signal);
    if (done) return;
    const blocks = (waiting + value).split("\n\n");
    waiting = blocks.pop();
    yield* blocks.map(parse).filter((event) => event.name);
  }
}

async function read(reader, signal) {
  try {
    return await reader.read();
  } catch (error) {
    throw signal.aborted ? error : new Trouble(BROKEN);
  }
}

function parse(block) {
  const fields = Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/s)));
  return { name: fields.event, data: fields.data && JSON.parse(fields.data) };
}
