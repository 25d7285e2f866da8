namespace Headgate.Tests.EndToEnd.Soak;

/// <summary>A client with one kept connection, made anew when the last one has ended.</summary>
internal abstract class WireFlow(SoakRun run, string name, int number, int receiveBuffer = 0) : SoakFlow(run, name, number)
{
    private Wire? _wire;
    private SoakRequest? _request;

    protected override string Doing => _request is null ? "" : $"at {_request.Method} {_request.Path}";

    public override void Dispose()
    {
        Drop();
        base.Dispose();
    }

    protected async Task<Wire> ConnectedAsync() => _wire ??= await Wire.ConnectAsync(Run.Port, receiveBuffer);

    /// <summary>Reads the answer, judges it, and gives the connection up when it has ended; whether it goes on.</summary>
    protected async Task<bool> ReadAsync(SoakRequest request, Func<Task>? onContinue = null)
    {
        _request = request;
        AnswerEnd end = await AnswerEnd.ReadAsync(_wire!, request, onContinue);
        if (end.Closes)
            Drop();
        await Run.Tally.JudgeAsync(Name, request, end);
        return !end.Closes;
    }

    protected void Drop()
    {
        _wire?.Dispose();
        _wire = null;
    }
}
