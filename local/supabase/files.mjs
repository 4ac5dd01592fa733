// Stored objects as files, each beside a note of its content type. Names are hashes, so no key can leave the folder.
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

export class FileStore {
  constructor(folder) {
    this.folder = folder;
  }

  file(bucket, key) {
    return join(this.folder, createHash("sha256").update(`${bucket}/${key}`).digest("hex"));
  }

  async uploadObject(bucket, key, _version, body, mimetype, cacheControl) {
    const file = this.file(bucket, key);
    await mkdir(this.folder, { recursive: true });
    await writeFile(file, Buffer.from(await new Response(body).arrayBuffer()));
    await writeFile(`${file}.json`, JSON.stringify({ mimetype, cacheControl }));
    return this.headObject(bucket, key);
  }

  async headObject(bucket, key) {
    const file = this.file(bucket, key);
    const [{ size, mtime }, note] = await Promise.all([stat(file), readFile(`${file}.json`, "utf8")]);
    const eTag = `"${createHash("md5").update(`${file}:${mtime.getTime()}`).digest("hex")}"`;
    return { ...JSON.parse(note), size, contentLength: size, lastModified: mtime, eTag };
  }

  async getObject(bucket, key, _version, { ifNoneMatch } = {}) {
    const metadata = await this.headObject(bucket, key);
    if (ifNoneMatch === metadata.eTag) return { httpStatusCode: 304, metadata };
    return { httpStatusCode: 200, metadata, body: new Blob([await readFile(this.file(bucket, key))]).stream() };
  }

  async copyObject(bucket, key, _version, toBucket, toKey) {
    const [from, to] = [this.file(bucket, key), this.file(toBucket, toKey)];
    await Promise.all([copyFile(from, to), copyFile(`${from}.json`, `${to}.json`)]);
    const { eTag, lastModified } = await this.headObject(toBucket, toKey);
    return { httpStatusCode: 200, eTag, lastModified };
  }

  async deleteObject(bucket, key) {
    const file = this.file(bucket, key);
    await Promise.all([rm(file, { force: true }), rm(`${file}.json`, { force: true })]);
  }

  async deleteObjects(bucket, keys) {
    await Promise.all(keys.map((key) => this.deleteObject(bucket, key)));
  }

  async privateAssetUrl(bucket, key) {
    return `file://${this.file(bucket, key)}`;
  }
}
