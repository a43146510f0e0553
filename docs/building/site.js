// What scrolls sideways on a phone can be reached by the keyboard: WCAG 2.1.1. Tables are wrapped by the theme, after this has run.
const reach = () => {
  for (const box of document.querySelectorAll('.md-typeset__scrollwrap, .tabbed-labels')) box.tabIndex = 0
}
new MutationObserver(reach).observe(document.body, { childList: true, subtree: true })
reach()
