// Lets one choose the part of a photo that is kept: a frame of 3 to 4, moved by finger, mouse or the sliders. The file is sent as
// it is; the server cuts by the fractions in the field "crop". Without this script it keeps the whole picture.
const part = document.querySelector(".accredit-photo");
if (part) {
  const frame = part.querySelector(".accredit-crop");
  const canvas = frame.querySelector("canvas");
  const crop = document.getElementById("crop");
  const slider = (name) => document.getElementById(`crop-${name}`);
  const [zoom, across, down] = ["zoom", "across", "down"].map(slider);
  const files = [...part.querySelectorAll('input[type="file"]')];
  const mostBytes = 15000000;
  let picture = null;

  const chosen = () => {
    const share = canvas.width / canvas.height;
    const nearer = 1 + (zoom.value / 100) * 3;
    const width = Math.min(picture.width, picture.height * share) / nearer;
    const height = width / share;
    return {
      width, height,
      left: ((picture.width - width) * across.value) / 100,
      top: ((picture.height - height) * down.value) / 100,
    };
  };

  const draw = () => {
    if (!picture) return;
    const { left, top, width, height } = chosen();
    canvas.getContext("2d").drawImage(picture, left, top, width, height, 0, 0, canvas.width, canvas.height);
    const shares = [left / picture.width, top / picture.height, width / picture.width, height / picture.height];
    crop.value = shares.map((one) => Math.min(one, 1).toFixed(4)).join(",");
  };

  const forget = () => {
    picture = null;
    crop.value = "";
    frame.hidden = true;
  };

  const open = async (event) => {
    const [file] = event.target.files;
    forget();
    if (!file) return;
    files.filter((one) => one !== event.target).forEach((one) => { one.value = ""; });
    if (file.size > mostBytes) return;
    try {
      picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
      return;
    }
    zoom.value = 0;
    across.value = 50;
    down.value = 50;
    frame.hidden = false;
    draw();
  };

  files.forEach((one) => one.addEventListener("change", open));
  [zoom, across, down].forEach((one) => one.addEventListener("input", draw));

  let held = null;
  canvas.addEventListener("pointerdown", (event) => {
    held = { x: event.clientX, y: event.clientY, across: Number(across.value), down: Number(down.value) };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!held || !picture) return;
    const { width, height } = chosen();
    const scale = width / canvas.clientWidth;
    const room = { across: picture.width - width, down: picture.height - height };
    if (room.across > 0) across.value = held.across - ((event.clientX - held.x) * scale * 100) / room.across;
    if (room.down > 0) down.value = held.down - ((event.clientY - held.y) * scale * 100) / room.down;
    draw();
  });
  ["pointerup", "pointercancel"].forEach((name) => canvas.addEventListener(name, () => { held = null; }));
}
