/** Uploads under a message: pictures are drawn, the rest can be saved. */
export function Files({ files }) {
  return files.map((file) =>
    file.is_image ? (
      <figure key={file.id} className="file-image">
        <figcaption>{file.title}</figcaption>
        <img src={`/files/${file.id}`} alt={file.title} />
      </figure>
    ) : (
      <a key={file.id} className="file" href={`/files/${file.id}`} download={file.name}>
        <strong>{file.title}</strong>
        <small>{Math.max(1, Math.round(file.size_bytes / 1000))} kB</small>
      </a>
    ),
  );
}
