using Headgate.Control.Instances;
using Microsoft.Extensions.Hosting;

namespace Headgate.Control.Line;

/// <summary>The line of the instance that lives in the control plane's own process: the same reports and questions, in memory.</summary>
internal sealed class LocalLine(LocalInstance instance, Fleet fleet, TimeProvider time) : BackgroundService, IInstanceLine
{
    private Instance? _known;

    /// <inheritdoc/>
    public ValueTask<InstanceAnswer> AskAsync(InstanceQuestion question, CancellationToken cancellationToken) =>
        instance.Questions.AnswerAsync(question, cancellationToken);

    /// <inheritdoc/>
    public void Close(string reason)
    {
        // Nobody else can have this process's place for long: its next report takes it back.
    }

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _known = fleet.Attach(instance.Identity, this, isLocal: true); // before the first request can ask it something
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await LeaveIoThread.Now;
        try
        {
            await foreach (InstanceReport report in new InstanceReporter(instance, time).RunAsync(stoppingToken))
                _known!.Take(report);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // stopped
        }
    }
}
