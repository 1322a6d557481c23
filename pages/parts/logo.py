"""The product's mark, drawn here so that nothing is fetched: a returning arrow around a dot, for light and dark."""

_ARROW = (
    '<path d="M25 9.5A11 11 0 1 0 27 17" fill="none" stroke="#2f8f77" stroke-width="3.4" stroke-linecap="round"/>'
    '<path d="M25.6 3.6v6.6h-6.6" fill="none" stroke="#2f8f77" stroke-width="3.4" stroke-linecap="round" '
    'stroke-linejoin="round"/><circle cx="16" cy="16.5" r="3.6" fill="#2f8f77"/>'
)
MARK = f'<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32" viewBox="0 0 32 32">{_ARROW}</svg>'
LOGO = (
    f'<svg xmlns="http://www.w3.org/2000/svg" width="148" height="32" viewBox="0 0 148 32">{_ARROW}'
    '<text x="40" y="23.5" font-family="Source Sans, Helvetica, Arial, sans-serif" font-size="22" font-weight="700" '
    'fill="#2f8f77">Regulars</text></svg>'
)
