// A photo of the camera, made small on the phone: what the camera wrote into the file (place, time) is gone with it.

const SIDE = 1280;
const LARGEST = 480_000; // letters of base64; the server takes a little more
const QUALITIES = [0.8, 0.6, 0.45, 0.3];

// The picture as base64 of a JPEG; rejects where the file is no picture.
export async function smallPhoto(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [picture.width, picture.height].map((side) => Math.max(1, Math.round(side * scale)));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  for (const quality of QUALITIES) {
    const text = canvas.toDataURL("image/jpeg", quality).split(",", 2)[1];
    if (text.length <= LARGEST) return text;
  }
  throw new Error("too large");
}
