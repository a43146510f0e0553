(film) => {
  // A camera made of frames. The light of the screen (the page's #light) falls on the face more than on the rest.
  const pictures = film.frames.map((source) => Object.assign(new Image(), { src: source }));
  const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
  const context = canvas.getContext("2d");

  function glow() {
    const light = document.querySelector("#light");
    if (!film.reflects || !light || light.hidden) return null;
    const [red, green, blue] = getComputedStyle(light).backgroundColor.match(/[\d.]+/g).map(Number);
    return (strength) => `rgb(${red * strength} ${green * strength} ${blue * strength})`;
  }

  function draw() {
    const now = performance.now() / 1000;
    const lit = glow();
    const place = lit ? 0 : Math.floor(now * film.fps) % pictures.length;
    if (!pictures[place].complete) return;
    context.globalCompositeOperation = "source-over";
    context.drawImage(pictures[place], 0, 0, 640, 480);
    if (!lit) return;
    const face = context.createRadialGradient(320, 230, 60, 320, 230, 190);
    face.addColorStop(0, lit(0.16));
    face.addColorStop(0.6, lit(0.13));
    face.addColorStop(1, lit(0.02));
    context.globalCompositeOperation = "lighter";
    context.fillStyle = face;
    context.fillRect(0, 0, 640, 480);
  }

  navigator.mediaDevices.getUserMedia = async () => {
    await Promise.all(pictures.map((picture) => picture.decode().catch(() => null)));
    draw();
    setInterval(draw, 1000 / film.fps / 1.5);
    return canvas.captureStream(film.fps * 1.5);
  };
}
