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
found.fixed = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
io.stdout:write('\n' .. vim.json.encode(found) .. '\n')
vim.cmd('qall!')
