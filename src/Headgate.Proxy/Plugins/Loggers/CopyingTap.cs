using Headgate.Proxy.Plugins.Bodies;

namespace Headgate.Proxy.Plugins.Loggers;

/// <summary>Keeps the beginning of a request's body.</summary>
internal sealed class CopyingTap : BodyTap
{
    private readonly BodyBeginning _kept = new();

    /// <summary>Whether more may come.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>What was kept; nothing while more may come.</summary>
    public ReadOnlyMemory<byte> Bytes => IsRunning ? default : _kept.Bytes;

    /// <summary>A body begins.</summary>
    public void Begin(int bytesMax)
    {
        IsRunning = true;
        _kept.Begin(bytesMax);
    }

    /// <inheritdoc/>
    public override void OnRun(ReadOnlySpan<byte> run) => _kept.Add(run);

    /// <inheritdoc/>
    public override void OnEnd(bool isWhole) => IsRunning = false;

    /// <summary>Gives the memory back.</summary>
    public void Clear() => _kept.Clear();
}
