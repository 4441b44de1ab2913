import { type IncomingHttpHeaders, request } from "node:http";

/** What answered a request to upgrade to a WebSocket. */
export interface Answer {
  /** 101 if the connection was made. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

/** Asks for a WebSocket as a browser would, with these headers; a connection that is made is closed at once. */
export function knock(url: URL, headers: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, {
      headers: {
        Connection: "Upgrade",
        Upgrade: "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        ...headers,
      },
    });
    asked.on("upgrade", (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode ?? 0, headers: response.headers });
    });
    asked.on("response", (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, headers: response.headers });
    });
    asked.on("error", reject);
    asked.end();
  });
}
