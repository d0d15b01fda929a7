# Puts Image Sync into the Start menu of the user who runs this, and takes it away again:
#
#     powershell -ExecutionPolicy Bypass -File install.ps1 [-Uninstall]
#
# It needs no rights of an administrator and downloads nothing.  It lies in the unpacked program.
param([switch]$Uninstall)
$ErrorActionPreference = "Stop"

$target = Join-Path $env:LOCALAPPDATA "Programs\Image Sync"
$shortcut = Join-Path ([Environment]::GetFolderPath("Programs")) "Image Sync.lnk"

if ($Uninstall) {
    if (Test-Path -LiteralPath $shortcut) { Remove-Item -LiteralPath $shortcut }
    if (Test-Path -LiteralPath (Join-Path $target "image-sync-gui.exe")) { Remove-Item -LiteralPath $target -Recurse }
    Write-Output "Image Sync is gone. Photos, settings and journals are as they were."
    exit 0
}

if (-not (Test-Path -LiteralPath (Join-Path $PSScriptRoot "image-sync-gui.exe"))) {
    Write-Error "There is no image-sync-gui.exe beside this script: unpack the whole program and start it there."
    exit 2
}
if ($PSScriptRoot -ne $target) {
    $new = "$target.new"
    if (Test-Path -LiteralPath $new) { Remove-Item -LiteralPath $new -Recurse }
    Copy-Item -LiteralPath $PSScriptRoot -Destination $new -Recurse
    if (Test-Path -LiteralPath $target) { Remove-Item -LiteralPath $target -Recurse }
    Move-Item -LiteralPath $new -Destination $target
}
$link = (New-Object -ComObject WScript.Shell).CreateShortcut($shortcut)
$link.TargetPath = Join-Path $target "image-sync-gui.exe"
$link.WorkingDirectory = [Environment]::GetFolderPath("MyPictures")
$link.Description = "Organize, sync and import photos; every run can be undone"
$link.Save()
Write-Output "Image Sync is in your Start menu. The command line is $(Join-Path $target 'image-sync.exe')."
