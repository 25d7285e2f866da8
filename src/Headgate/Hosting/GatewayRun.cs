using Headgate.Settings;
using Headgate.Store;
using Microsoft.Extensions.Logging;

namespace Headgate.Hosting;

/// <summary>One run of the gateway as a process: start, say what listens, wait for a signal, stop.</summary>
internal static class GatewayRun
{
    /// <summary>Runs until a signal asks for the end; returns the exit code.</summary>
    /// <param name="settings">Valid settings.</param>
    /// <param name="started">Called when the gateway serves; null = the banner alone. What it throws ends the run.</param>
    /// <param name="output">Takes the banner.</param>
    /// <param name="error">Takes why the gateway cannot start.</param>
    public static async Task<int> RunAsync(GatewaySettings settings, Func<GatewayHost, CancellationToken, Task>? started, TextWriter output, TextWriter error)
    {
        using ILoggerFactory logging = GatewayLogging.Create();
        using var signals = new ShutdownSignals(TimeProvider.System);
        try
        {
            await using GatewayHost host = await GatewayHost.StartAsync(settings, logging, signals.Requested);
            await Banner.WriteAsync(host, firstSteps: started is null, output);
            if (started is not null)
                await started(host, signals.Requested);
            await WaitAsync(signals.Requested);
            await output.WriteLineAsync($"stopping: requests under way have {settings.ShutdownTimeout.TotalSeconds:0.###} s to end (Ctrl-C again stops at once)");
            await host.StopAsync();
            await output.WriteLineAsync("stopped");
            return CommandLine.ExitCodes.Ok;
        }
        catch (OperationCanceledException) when (signals.Requested.IsCancellationRequested)
        {
            return CommandLine.ExitCodes.Ok;
        }
        catch (Exception e) when (e is StartException or ListenException or StoreUnavailableException)
        {
            await error.WriteLineAsync($"error: cannot start: {e.Message}");
            return CommandLine.ExitCodes.CannotStart;
        }
    }

    private static Task WaitAsync(CancellationToken requested)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        requested.Register(static state => ((TaskCompletionSource)state!).TrySetResult(), ended);
        return ended.Task;
    }
}
