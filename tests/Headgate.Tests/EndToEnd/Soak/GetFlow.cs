namespace Headgate.Tests.EndToEnd.Soak;

/// <summary>GETs and HEADs of all lengths and framings, one or several at a time on a connection.</summary>
/// <param name="run">The soak.</param>
/// <param name="name">Name for the report.</param>
/// <param name="number">Number among all flows.</param>
/// <param name="depth">Requests sent in one piece before the first answer is read (pipelining), at most.</param>
/// <param name="closeEvery">Every so many requests one that says <c>Connection: close</c>; 0 = none.</param>
/// <param name="receiveBuffer">The client's socket buffer: a small one makes the gateway wait for it; 0 = the system's.</param>
internal sealed class GetFlow(SoakRun run, string name, int number, int depth = 1, int closeEvery = 0, int receiveBuffer = 0) : WireFlow(run, name, number, receiveBuffer)
{
    private static readonly string[] Framings = ["l", "l", "l", "l", "l", "l", "c", "c", "c", "lx", "cx"];

    protected override async Task StepAsync()
    {
        bool closes = closeEvery > 0 && Random.Next(closeEvery) == 0;
        SoakRequest[] requests = [.. Enumerable.Range(0, Random.Next(1, depth + 1)).Select(_ => Next())];
        Wire wire = await ConnectedAsync();
        bool sent = true;
        try
        {
            await wire.SendAsync(string.Concat(requests.Select((request, i) => request.Head(closes && i == requests.Length - 1 ? "Connection: close\r\n" : ""))));
        }
        catch (ConnectionClosedException)
        {
            // An answer that was broken off ends the connection under the requests that follow it; reading tells.
            sent = false;
        }

        for (int i = 0; i < requests.Length; i++)
        {
            bool last = i == requests.Length - 1;
            if (await ReadAsync(requests[i]))
                continue;
            if (!last)
                Run.Tally.Add("requests: behind a broken answer on the same connection", requests.Length - 1 - i);
            else if (!closes && sent)
                Run.Tally.Add("connections that the gateway ended");
            return;
        }

        if (closes)
            Run.Tally.Fail($"{Name}: an answer to Connection: close does not say that the connection ends");
    }

    private SoakRequest Next() => SoakRequest.Get(
        Run.NextId(), SoakContent.Length(Random, depth > 1 ? 64 * 1024 : SoakContent.LengthMax), Framings[Random.Next(Framings.Length)], Random.Next(20) == 0 ? "HEAD" : "GET");
}
