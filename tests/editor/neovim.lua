-- Opens run.yml as a user of Neovim would, and prints what the language server makes of it as one line of JSON.
vim.lsp.config('mlspec_lint', {
  cmd = { vim.env.MLSPEC_LINT, 'server' },
  filetypes = { 'yaml' },
  root_markers = { 'mlspec-lint.toml', '.git' },
})
vim.lsp.enable('mlspec_lint')
vim.cmd.edit('run.yml')
vim.bo.filetype = 'yaml'
local found = {}
vim.wait(20000, function() return #vim.diagnostic.get(0) > 0 end, 50)
local codes = {}
for _, diagnostic in ipairs(vim.diagnostic.get(0)) do table.insert(codes, diagnostic.code) end
table.sort(codes)
found.codes = codes
local client = vim.lsp.get_clients({ name = 'mlspec_lint' })[1]
found.encoding = client.offset_encoding
-- The definition of the dataset in line 7.
local params = { textDocument = vim.lsp.util.make_text_document_params(0), position = { line = 6, character = 16 } }
local places = client:request_sync('textDocument/definition', params, 10000, 0)
found.definition = places.result[1].range.start.line + 1
-- The fix of the value in quotes, applied as the user would.
for _, diagnostic in ipairs(vim.diagnostic.get(0)) do
  if diagnostic.code == 'run/metric-value-mismatch' then
    vim.api.nvim_win_set_cursor(0, { diagnostic.lnum + 1, diagnostic.col })
    vim.lsp.buf.code_action({ apply = true, filter = function(action) return action.isPreferred end })
  end
end
vim.wait(10000, function() return vim.bo.modified end, 50)
local function ask(method, more)
  local own = vim.tbl_extend('force', { textDocument = vim.lsp.util.make_text_document_params(0) }, more or {})
  return client:request_sync(method, own, 10000, 0).result
end
found.offered = {}
for _, item in ipairs(ask('textDocument/completion', { position = { line = 7, character = 0 } }).items) do
  table.insert(found.offered, item.label)
end
found.lens = ask('textDocument/codeLens')[1].command.title
found.highlights = #ask('textDocument/documentHighlight', { position = { line = 6, character = 20 } })
-- Colours come by themselves.
vim.wait(10000, function() return #(vim.lsp.semantic_tokens.get_at_pos(0, 6, 16) or {}) > 0 end, 50)
local token = (vim.lsp.semantic_tokens.get_at_pos(0, 6, 16) or {})[1]
found.token = token and token.type
found.fixed = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
-- The dataset of line 7, renamed as the user would, in all files.
vim.api.nvim_win_set_cursor(0, { 7, 16 })
vim.lsp.buf.rename('sizes')
local data = vim.fn.bufadd('data.yml')
local function lines(buffer) return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n') end
vim.wait(10000, function() return lines(0):find('sizes@', 1, true) and lines(data):find('sizes', 1, true) end, 50)
found.renamed = lines(0)
found.other = lines(data) .. '\n'
io.stdout:write('\n' .. vim.json.encode(found) .. '\n')
vim.cmd('qall!')
