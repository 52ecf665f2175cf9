@echo off
rem Starts Flowloom: the first time it installs what it needs into the folder .venv, then it opens your browser.
setlocal
cd /d "%~dp0"
if exist .venv\Scripts\python.exe goto install

set "CHECK=import sys; sys.exit(sys.version_info < (3, 11))"
set "PYTHON=py -3"
%PYTHON% -c "%CHECK%" >nul 2>nul
if not errorlevel 1 goto make
set "PYTHON=python"
%PYTHON% -c "%CHECK%" >nul 2>nul
if not errorlevel 1 goto make
echo.
echo   Flowloom needs Python 3.11 or newer.
echo   Get it from https://www.python.org/downloads/, then start this again.
goto failed

:make
%PYTHON% -m venv .venv
if errorlevel 1 goto broken

:install
rem Up to date already? Then nothing is installed, and no network is needed.
fc /b requirements.lock .venv\requirements.lock >nul 2>nul
if not errorlevel 1 goto open
echo.
echo   Installing Flowloom. This takes a few minutes, once.
if not exist .venv\Scripts\uv.exe .venv\Scripts\python -m pip install --quiet --disable-pip-version-check uv
if errorlevel 1 goto broken
.venv\Scripts\uv pip install --quiet --python .venv\Scripts\python.exe --require-hashes -r requirements.lock
if errorlevel 1 goto broken
.venv\Scripts\uv pip install --quiet --python .venv\Scripts\python.exe --no-deps -e .
if errorlevel 1 goto broken
copy /y requirements.lock .venv\requirements.lock >nul

:open
.venv\Scripts\flowloom open --browser %*
if not errorlevel 1 exit /b 0
goto failed

:broken
echo.
echo   Flowloom could not be installed.
echo   Check your internet connection, then start this again.

:failed
echo.
pause
exit /b 1
