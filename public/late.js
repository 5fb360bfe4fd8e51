// Styles that never answer keep all of a page from being shown: without them its head at least is there, and says what is wrong.
setTimeout(() => {
  if (!document.querySelector('.late')) return;
  for (const link of document.querySelectorAll('link[rel=stylesheet]')) if (!link.sheet) link.remove();
}, 6000);
