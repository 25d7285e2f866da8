using System.Diagnostics;

namespace Headgate.Store.Tests.Embedded;

/// <summary>The helper program as a process of its own, optionally below another one (<c>strace ...</c>).</summary>
internal sealed class CrasherProcess : IDisposable
{
    private readonly Process _process;

    private CrasherProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public static CrasherProcess Start(params string[] arguments) => StartBelow([], arguments);

    /// <summary>Starts it as the last words of another command.</summary>
    public static CrasherProcess StartBelow(IReadOnlyList<string> wrapper, params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Headgate.Store.Crasher.dll");
        string[] command = [.. wrapper, "dotnet", "exec", program, .. arguments];
        ProcessStartInfo start = new(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardInput = true };
        return new CrasherProcess(Process.Start(start)!);
    }

    /// <summary>The next line of its answers; null at their end.</summary>
    public async Task<string?> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>All lines until it ends.</summary>
    public async Task<List<string>> ReadToEndAsync()
    {
        List<string> lines = [];
        while (await ReadLineAsync() is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }

    /// <summary>SIGKILL: nothing in it runs any more.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Its exit code, once it has ended.</summary>
    public async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60));
        return _process.ExitCode;
    }

    public void EndInput() => _process.StandardInput.Close();

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
