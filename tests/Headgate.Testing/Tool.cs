using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Headgate.Testing;

/// <summary>A command run to its end: <c>curl</c>, <c>wrk</c>, <c>h2load</c>.</summary>
/// <param name="ExitCode">What it returned.</param>
/// <param name="Bytes">Its standard output as it was.</param>
/// <param name="Error">Its standard error.</param>
public sealed record Tool(int ExitCode, byte[] Bytes, string Error)
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    /// <summary>Its standard output as text.</summary>
    public string Output => Encoding.UTF8.GetString(Bytes);

    /// <summary>Runs <c>curl -sS</c>.</summary>
    public static Task<Tool> CurlAsync(params IReadOnlyList<string> arguments) => RunAsync("curl", "curl", ["-sS", .. arguments]);

    /// <summary>Runs <paramref name="program"/> of the Debian package <paramref name="package"/>; kills it after two minutes.</summary>
    public static async Task<Tool> RunAsync(string program, string package, params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = StartOrSayWhatIsMissing(start, package);
        using var output = new MemoryStream();
        using var timeout = new CancellationTokenSource(Bound);
        try
        {
            Task<string> error = process.StandardError.ReadToEndAsync(timeout.Token);
            await process.StandardOutput.BaseStream.CopyToAsync(output, timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            return new Tool(process.ExitCode, output.ToArray(), await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within {Bound.TotalSeconds} s");
        }
    }

    /// <summary>Starts a process; a program that is not there is reported with the package that has it.</summary>
    public static Process StartOrSayWhatIsMissing(ProcessStartInfo start, string package)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"{start.FileName} cannot be run ({e.Message}); it is in Debian's package {package}, which ./test installs when run as root.", e);
        }
    }
}
