namespace Headgate.Tests.EndToEnd.Soak;

/// <summary>One client, or one source of trouble: steps, one after the other, until the soak ends. Each has random numbers of its own.</summary>
internal abstract class SoakFlow(SoakRun run, string name, int number) : IDisposable
{
    /// <summary>No step takes that long, whatever dies meanwhile: one that does hangs.</summary>
    private static readonly TimeSpan StepBound = TimeSpan.FromSeconds(60);

    protected SoakRun Run => run;

    protected string Name => name;

#pragma warning disable CA5394 // Seeded on purpose.
    protected Random Random { get; } = new(HashCode.Combine(run.Seed, number));
#pragma warning restore CA5394

    public async Task RunAsync()
    {
        // Off the caller's thread: otherwise all flows take turns on it.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            while (!run.Stopping.IsCancellationRequested)
                await StepAsync().WaitAsync(StepBound);
        }
        catch (OperationCanceledException) when (run.Stopping.IsCancellationRequested)
        {
            // A pause that the end of the soak cut short.
        }
        catch (TimeoutException e)
        {
            run.Tally.Fail($"{name} hangs: {e.Message} {Doing}");
        }
#pragma warning disable CA1031 // A flow that ends early has failed, whatever the reason.
        catch (Exception e)
#pragma warning restore CA1031
        {
            run.Tally.Fail($"{name} ended: {e} {Doing}");
        }
    }

    public virtual void Dispose()
    {
    }

    /// <summary>What the step under way is about, for a report that it hangs.</summary>
    protected virtual string Doing => "";

    protected abstract Task StepAsync();

    /// <summary>A pause; ends at once when the soak does.</summary>
    protected Task PauseAsync(int fromMs, int toMs) => Task.Delay(Random.Next(fromMs, toMs), run.Stopping);
}
