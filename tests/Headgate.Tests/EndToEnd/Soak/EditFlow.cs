using System.Globalization;
using System.Net;
using System.Text;
using Headgate.Testing;

namespace Headgate.Tests.EndToEnd.Soak;

/// <summary>Edits through the Admin API, several a second: of everything that traffic uses, and of routes that come and go.</summary>
internal sealed class EditFlow(SoakRun run, int number, HttpClient admin, SoakUpstreams upstreams) : SoakFlow(run, "edits", number)
{
    private readonly SortedSet<int> _extras = [];

    protected override async Task StepAsync()
    {
        await PauseAsync(50, 250);
        switch (Random.Next(8))
        {
            case 0 or 1:
                await WriteAsync(HttpMethod.Put, "upstreams/1", upstreams.Any(Random));
                break;
            case 2:
                await WriteAsync(HttpMethod.Patch, "upstreams/1/nodes", upstreams.Nodes(Random));
                break;
            case 3:
                await WriteAsync(HttpMethod.Put, "upstreams/2", upstreams.Any(Random));
                break;
            case 4:
                await WriteAsync(HttpMethod.Put, "routes/ws", SoakUpstreams.WebSocketRoute(upstreams.Any(Random)));
                break;
            case 5:
                await WriteAsync(HttpMethod.Put, "services/1", $"{{\"upstream_id\":\"{Random.Next(1, 3)}\",\"desc\":\"edit {Random.Next()}\"}}");
                break;
            case 6:
                await WriteAsync(HttpMethod.Put, "routes/get", SoakUpstreams.GetRoute($",\"priority\":{Random.Next(5)},\"timeout\":{SoakUpstreams.Timeouts(Random)}"));
                break;
            default:
                await EditExtraAsync();
                break;
        }
    }

    // A route that was not there answers once its write is live, and no longer once its deletion is.
    private async Task EditExtraAsync()
    {
        int extra = Random.Next(50);
        string route = $"routes/extra-{extra}";
        if (_extras.Remove(extra))
            await WriteAsync(HttpMethod.Delete, route, null);
        else if (_extras.Add(extra))
            await WriteAsync(HttpMethod.Put, route, $"{{\"uri\":\"/extra/{extra}/*\",\"upstream_id\":\"{Random.Next(1, 3)}\"}}");
        bool added = _extras.Contains(extra);
        using Wire wire = await Wire.ConnectAsync(Run.Port);
        await Eventually.HoldsAsync(async () =>
        {
            SoakRequest request = SoakRequest.Get(Run.NextId(), 100, "l", prefix: $"/extra/{extra}");
            await wire.SendAsync(request.Head());
            AnswerEnd end = await AnswerEnd.ReadAsync(wire, request);
            bool isAsAfter = end.Kind == (added ? AnswerKind.Right : AnswerKind.Status);
            if (!isAsAfter && (end.Kind != (added ? AnswerKind.Status : AnswerKind.Right) || (end.Kind == AnswerKind.Status && !end.Detail.Contains(" 404 ", StringComparison.Ordinal))))
                await Run.Tally.JudgeAsync("routes that come and go", request, end);
            return isAsAfter || end.Closes;
        }, $"{route} {(added ? "added" : "deleted")}", 30);
        Run.Tally.Add(added ? "edits: routes added and seen" : "edits: routes deleted and seen");
    }

    private async Task WriteAsync(HttpMethod method, string path, string? body)
    {
        using var message = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
            message.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await admin.SendAsync(message);
        string text = await answer.Content.ReadAsStringAsync();
        if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.Created))
            Run.Tally.Fail(string.Create(CultureInfo.InvariantCulture, $"edit {method} {path}: {(int)answer.StatusCode} {text}; sent {body}"));
        Run.Tally.Add("edits");
    }
}
