// The webcam at the desk: a frame of three to four, and in words what is wrong with size, light or sharpness. The hints are told
// from the picture's own brightness; nothing recognises a face. What was taken goes into the form as a file.
"use strict";
(() => {
  const part = document.querySelector("[data-camera]");
  const live = document.getElementById("live");
  const taken = document.getElementById("taken");
  const hint = document.getElementById("hint");
  const take = document.getElementById("take");
  const again = document.getElementById("again");
  const file = document.getElementById("photo");
  const small = document.createElement("canvas");
  small.width = 120;
  small.height = 160;

  // The middle of the picture, in the shape of the badge's photo.
  const framed = () => {
    const width = Math.min(live.videoWidth, live.videoHeight * 0.75);
    const height = width / 0.75;
    return [(live.videoWidth - width) / 2, (live.videoHeight - height) / 2, width, height];
  };
  const greys = () => {
    const pen = small.getContext("2d", { willReadFrequently: true });
    pen.drawImage(live, ...framed(), 0, 0, small.width, small.height);
    const { data } = pen.getImageData(0, 0, small.width, small.height);
    return Float32Array.from({ length: data.length / 4 }, (_, at) => 0.3 * data[at * 4] + 0.59 * data[at * 4 + 1] + 0.11 * data[at * 4 + 2]);
  };
  // How far a point differs from its four neighbours, on average: edges make it large, a blur makes it small.
  const sharpness = (grey) => {
    let sum = 0;
    for (let y = 1; y < small.height - 1; y += 1) {
      for (let x = 1; x < small.width - 1; x += 1) {
        const at = y * small.width + x;
        sum += Math.abs(4 * grey[at] - grey[at - 1] - grey[at + 1] - grey[at - small.width] - grey[at + small.width]);
      }
    }
    return sum / grey.length;
  };
  const judge = () => {
    if (framed()[2] < 240) return "small";
    const grey = greys();
    const light = grey.reduce((sum, one) => sum + one, 0) / grey.length;
    if (light < 60) return "dark";
    if (light > 215) return "bright";
    return sharpness(grey) < 3 ? "blurred" : "good";
  };
  const tell = () => {
    if (!live.videoWidth || live.hidden) return;
    const words = part.dataset[judge()];
    if (hint.textContent !== words) hint.textContent = words;
  };
  const show = (isTaken) => {
    live.hidden = isTaken;
    taken.hidden = !isTaken;
    take.hidden = isTaken;
    again.hidden = !isTaken;
  };

  take.addEventListener("click", () => {
    taken.getContext("2d").drawImage(live, ...framed(), 0, 0, taken.width, taken.height);
    taken.toBlob((blob) => {
      const files = new DataTransfer();
      files.items.add(new File([blob], "photo.jpg", { type: "image/jpeg" }));
      file.files = files.files;
      show(true);
    }, "image/jpeg", 0.92);
  });
  again.addEventListener("click", () => { file.value = ""; show(false); });

  const begin = async () => {
    try {
      live.srcObject = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1280 }, height: { ideal: 960 } } });
      await live.play();
      take.hidden = false;
      setInterval(tell, 500);
    } catch {
      hint.textContent = part.dataset.none;
      part.classList.add("desk-no-camera");
    }
  };
  begin();
})();
