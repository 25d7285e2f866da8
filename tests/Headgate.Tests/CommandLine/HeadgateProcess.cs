using System.Collections.Concurrent;
using System.Diagnostics;

namespace Headgate.Tests.CommandLine;

/// <summary>The executable as a process of its own, in a folder of its own; killed at the end if it still runs.</summary>
internal sealed class HeadgateProcess : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    public HeadgateProcess(string folder, string[] arguments, params (string Name, string Value)[] environment) : this([], folder, arguments, environment)
    {
    }

    /// <summary>Started by a program that becomes it: <c>ip netns exec NAME</c>.</summary>
    public HeadgateProcess(string[] by, string folder, string[] arguments, params (string Name, string Value)[] environment)
    {
        string[] command = [.. by, Path.Combine(AppContext.BaseDirectory, "headgate"), .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.StandardInput.Close(); // the terminal of who runs the tests is not the command's
        _process.OutputDataReceived += (_, line) => Add(line.Data);
        _process.ErrorDataReceived += (_, line) => Add(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Variables that put every listener on a free loopback port.</summary>
    public static (string Name, string Value)[] FreePorts { get; } =
    [
        ("HEADGATE_APISIX__NODE_LISTEN", "[{ip: 127.0.0.1, port: 0}]"),
        ("HEADGATE_APISIX__SSL__LISTEN", "[{ip: 127.0.0.1, port: 0}]"),
        ("HEADGATE_DEPLOYMENT__ADMIN__ADMIN_LISTEN__IP", "127.0.0.1"),
        ("HEADGATE_DEPLOYMENT__ADMIN__ADMIN_LISTEN__PORT", "0"),
        ("HEADGATE_APISIX__CONTROL__PORT", "0"),
        ("HEADGATE_APISIX__STATUS__PORT", "0"),
        ("HEADGATE_PLUGIN_ATTR__PROMETHEUS__EXPORT_ADDR__PORT", "0"),
    ];

    public string Output => string.Join('\n', _lines);

    /// <summary>The URL in the banner's line of a listener: <c>Admin API</c>.</summary>
    public async Task<Uri> UrlAsync(string listener)
    {
        string line = await LineAsync(l => l.StartsWith($"  {listener} ", StringComparison.Ordinal));
        return new Uri(line[14..].Trim());
    }

    public async Task<string> LineAsync(Func<string, bool> wanted)
    {
        using var bound = new CancellationTokenSource(Bound);
        while (true)
        {
            if (_lines.FirstOrDefault(wanted) is { } line)
                return line;
            if (_process.HasExited || bound.IsCancellationRequested)
                throw new InvalidOperationException($"the line did not come; the output was:\n{Output}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public async Task<int> ExitAsync()
    {
        using var bound = new CancellationTokenSource(Bound);
        await _process.WaitForExitAsync(bound.Token);
        return _process.ExitCode;
    }

    /// <summary>Sends SIGTERM.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>Sends SIGSTOP, SIGCONT, SIGKILL, ...: the name without "SIG".</summary>
    public void Signal(string name) => Process.Start("kill", ["-" + name, $"{_process.Id}"]).WaitForExit();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private void Add(string? line)
    {
        if (line is not null)
            _lines.Enqueue(line);
    }
}
