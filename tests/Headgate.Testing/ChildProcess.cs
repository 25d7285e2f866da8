using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Headgate.Testing;

/// <summary>A program that runs beside the test, with all that it writes; killed by its id when the test is done with it.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    /// <summary>The variable that chooses what carries the traffic of every gateway under test.</summary>
    public const string Transport = "HEADGATE_HEADGATE__TRANSPORT";

    private static readonly TimeSpan EndBound = TimeSpan.FromSeconds(60);

    private readonly StringBuilder _log = new();
    private readonly Process _process;

    private ChildProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += Take;
        process.ErrorDataReceived += Take;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The process's id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended by itself.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>All lines of both outputs so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    /// <summary>
    /// Starts <paramref name="program"/> of the Debian package <paramref name="package"/> in <paramref name="folder"/>, without the settings of
    /// Headgate that this process may have in its environment, but for the transport: the same tests run on each.
    /// </summary>
    public static ChildProcess Start(string program, string package, string folder, params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (string name in start.Environment.Keys.Where(k => k.StartsWith("HEADGATE_", StringComparison.OrdinalIgnoreCase) && k != Transport).ToArray())
            start.Environment.Remove(name);

        // Debian's servers live in /usr/sbin, which is not in every user's path.
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin";
        return new ChildProcess(Tool.StartOrSayWhatIsMissing(start, package));
    }

    /// <summary>SIGTERM, SIGINT, ...: the name without "SIG".</summary>
    public void Signal(string name)
    {
        // The shell's own kill: procps, which has /bin/kill, is not on every machine.
        using Process shell = Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{name} {Id}")]);
        shell.WaitForExit();
    }

    /// <summary>SIGKILL: nothing in it runs any more.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Its exit code, once it has ended.</summary>
    public async Task<int> WaitAsync(TimeSpan? bound = null)
    {
        using var timeout = new CancellationTokenSource(bound ?? EndBound);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"process {Id} has not ended; its output:\n{Log}");
        }

        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Take(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null)
            return;
        lock (_log)
            _log.Append(line.Data).Append('\n');
    }
}
