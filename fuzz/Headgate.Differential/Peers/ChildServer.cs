using System.Diagnostics;
using System.Text;

namespace Headgate.Differential.Peers;

/// <summary>A server as a process of its own in a temporary folder; both end with this object.</summary>
internal sealed class ChildServer : IAsyncDisposable
{
    private readonly StringBuilder _log = new();
    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    /// <summary>Starts <paramref name="program"/>, which must be in the PATH, /usr/sbin or at the path named.</summary>
    public ChildServer(DirectoryInfo folder, string program, string whereFrom, params IReadOnlyList<string> arguments)
    {
        _folder = folder;
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.FullName };
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin";

        // Of the gateway's settings only the choice of the transport is the caller's.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("HEADGATE_", StringComparison.OrdinalIgnoreCase) && name != "HEADGATE_HEADGATE__TRANSPORT").ToArray())
            start.Environment.Remove(name);
        _process = Start(start, program, whereFrom);
        _process.OutputDataReceived += Take;
        _process.ErrorDataReceived += Take;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The process.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended by itself.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>What it has written.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static Process Start(ProcessStartInfo start, string program, string whereFrom)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new InvalidOperationException($"{program} cannot be started ({whereFrom}): {error.Message}", error);
        }
    }

    private void Take(object sender, DataReceivedEventArgs line)
    {
        lock (_log)
            _log.Append(line.Data).Append('\n');
    }
}
