import { expect } from "vitest";

import { knock } from "../engine/knock";
import { test } from "../scene/scene_test";

test("only the right token from the engine's own page opens a WebSocket", async ({ scene }) => {
  const { url } = await scene.startEngine();
  const socket = (token: string) => new URL(`/ws?token=${token}`, url);
  const own = { Origin: url.origin };

  expect((await knock(socket(scene.token), own)).status).toBe(101);
  expect((await knock(socket("wrong"), own)).status).toBe(403);
  expect((await knock(socket(""), own)).status).toBe(403);
  expect((await knock(socket(scene.token), { Origin: "http://evil.example" })).status).toBe(403);
  expect((await knock(socket(scene.token), { Origin: "null" })).status).toBe(403);
  expect((await knock(socket(scene.token), { ...own, Host: `evil.example:${url.port}` })).status).toBe(403);
});

test("a page with a wrong token shows no files and says what to do", async ({ scene }) => {
  await scene.folder.write("secret.txt");
  const { url } = await scene.startEngine();
  const page = await scene.openPage(new URL("/?token=wrong", url));
  // The browser logs each refusal.
  page.complaints.allowRefusal();
  await page.tab.getByText("The engine does not know this page").waitFor();
  expect(await page.tab.getByText("secret.txt").count()).toBe(0);
});

test("a page without a token asks for the printed address", async ({ scene }) => {
  const { url } = await scene.startEngine();
  const page = await scene.openPage(new URL("/", url));
  await page.tab.getByText("This address is not complete").waitFor();
});

test("a page of another origin cannot listen, even with the token", async ({ scene }) => {
  await scene.folder.write("secret.txt");
  const victim = await scene.startEngine();
  const outcome = await scene.fromAnotherOrigin((address) => {
    return new Promise<string>((resolve) => {
      const socket = new WebSocket(address);
      socket.onopen = () => resolve("open");
      socket.onclose = () => resolve("closed");
    });
  }, `ws://${victim.url.host}/ws?token=${scene.token}`);
  expect(outcome).toBe("closed");
});

test("the page is served with a policy that lets nothing foreign in", async ({ scene }) => {
  const { url } = await scene.startEngine();
  const answer = await fetch(url);
  const policy = answer.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toMatch(/script-src 'self' 'wasm-unsafe-eval'(;|$)/);
  expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
});
