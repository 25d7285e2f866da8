using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.Instances;
using Headgate.Control.Line;
using Headgate.Testing;

namespace Headgate.Control.Tests.Line;

/// <summary>What control planes ask instances over their lines.</summary>
public sealed class LineQuestionTests : LineTest
{
    private readonly TaskCompletionSource<AdminResponse> _slow = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _slowOnes;

    [Fact]
    public async Task Questions_AreAnsweredSideBySide_AndHoldUpNoReport()
    {
        (Instance here, PlayedInstance instance) = await OpenedAsync();
        Task<InstanceAnswer>[] waiting = [.. Enumerable.Range(0, 40).Select(_ => AskAsync(here, "slow"))]; // more than are answered at once
        await Eventually.HoldsAsync(() => Volatile.Read(ref _slowOnes) == 16, "as many as may be are being answered");

        Run(instance, 7);
        await TicksUntilAsync(() => here.Running.Revision == 7, "a report comes all the same", 0.005);
        waiting.ShouldAllBe(question => !question.IsCompleted);
        _slow.SetResult(AdminResponse.Error(200, "late"));
        (await Task.WhenAll(waiting)).ShouldAllBe(answer => answer.Status == 200);
    }

    [Fact]
    public async Task Answers_FindTheirQuestions()
    {
        (Instance here, _) = await OpenedAsync();
        int[] numbers = [.. Enumerable.Range(0, 200)];

        InstanceAnswer[] answers = await Task.WhenAll(numbers.Select(number => AskAsync(here, $"echo/{number}?n={number}")));
        answers.Select(answer => answer.Body.GetProperty("error_msg").GetString()).ShouldBe(numbers.Select(number => $"{number} {number}"));
    }

    [Theory]
    [InlineData("fails", 500, "internal error; the log of the instance says more")]
    [InlineData("empty", 500, "internal error; the log of the instance says more")]
    [InlineData("unknown/thing", 501, "this instance does not answer GET unknown; is it older than its control plane?")]
    [InlineData("huge", 507, "the answer is too long for the line: a message of")]
    public async Task BadQuestions_AreAnswered_AndTheLineStays(string path, int status, string text)
    {
        (Instance here, _) = await OpenedAsync();

        InstanceAnswer answer = await AskAsync(here, path);
        answer.Status.ShouldBe(status);
        answer.Body.GetProperty("error_msg").GetString()!.ShouldStartWith(text);
        (await AskAsync(here, "echo/1?n=2")).Status.ShouldBe(418);
        Server.Logs.Of(1425).ShouldBeEmpty();
    }

    [Fact]
    public async Task Question_ThatNobodyWaitsForAnyMore_DoesNotBreakTheLine()
    {
        (Instance here, _) = await OpenedAsync();
        using var aborted = new CancellationTokenSource();
        var large = JsonElement.Parse($"\"{new string('x', 4 << 20)}\""); // takes a while to be sent
        Task<InstanceAnswer>[] asked = [.. Enumerable.Range(0, 8).Select(_ => here.Line!.AskAsync(new InstanceQuestion("POST", "slow", large), aborted.Token).AsTask())];
        await aborted.CancelAsync();

        foreach (Task<InstanceAnswer> one in asked)
            await Should.ThrowAsync<OperationCanceledException>(one);
        (await AskAsync(here, "echo/1?n=2")).Status.ShouldBe(418);
        Server.Logs.Of(1425).ShouldBeEmpty();
    }

    [Fact]
    public async Task Question_WithoutAnAnswer_FailsInTime()
    {
        (Instance here, _) = await OpenedAsync();
        Task<InstanceAnswer> asked = AskAsync(here, "slow");
        await Eventually.HoldsAsync(() => Volatile.Read(ref _slowOnes) == 1, "it is asked");

        await TicksUntilAsync(() => asked.IsCompleted, "the patience ends");
        (await Should.ThrowAsync<LineException>(asked)).Message.ShouldBe("no answer within 15 s");
        here.Line.ShouldNotBeNull();
    }

    [Fact]
    public async Task Line_Breaks_PendingQuestionsFailAtOnce()
    {
        await using var relay = new TcpRelay(Server.Address);
        (Instance here, _) = await OpenedAsync(relay.Address);
        Task<InstanceAnswer> asked = AskAsync(here, "slow");
        await Eventually.HoldsAsync(() => Volatile.Read(ref _slowOnes) == 1, "it is asked");
        IInstanceLine line = here.Line!;

        relay.BreakOff();
        (await Should.ThrowAsync<LineException>(asked)).Message.ShouldBe("the line to instance gw-1 broke");
        here.Line.ShouldBeNull();
        await Should.ThrowAsync<LineException>(line.AskAsync(Question("echo/1"), Token).AsTask());
        (await Server.Client.Get("/api/instances/gw-1")).ShouldBe(200).Value.GetProperty("connected").GetBoolean().ShouldBeFalse();
        (await Server.Client.Get("/api/upstreams/1/nodes?instance_id=gw-1")).ShouldBe(503).ErrorMessage.ShouldBe("instance gw-1 is not connected to this control plane; it was last heard at 2026-01-01 00:00:00Z");
        Server.Logs.Of(1425).ShouldHaveSingleItem().ShouldStartWith("1425 The line to instance gw-1 of gateway group default broke: ");

        await TicksUntilAsync(() => here.Line is not null, "it is back");
        (await AskAsync(here, "echo/1?n=2")).Status.ShouldBe(418);
    }

    [Fact]
    public async Task FrozenInstance_IsAskedLast()
    {
        (Instance here, _) = await OpenedAsync();
        Instance frozen = Server.Fleet.Attach(PlayedLine.Identity("gw-0"), new PlayedLine(_ => throw new InvalidOperationException("nobody is asked who is frozen")));
        Clock.Advance(InstanceTimes.FreshFor);
        await TicksUntilAsync(() => here.IsFresh && !frozen.IsFresh, "one is heard, the other is not");

        (await Server.Client.Get("/api/gateway_groups/default/discovery/services")).ShouldBe(200).Header("X-Headgate-Instance").ShouldBe("gw-1");
    }

    private Task<InstanceAnswer> AskAsync(Instance instance, string path) => instance.Line!.AskAsync(Question(path), Token).AsTask();

    private async Task<(Instance Here, PlayedInstance Instance)> OpenedAsync(Uri? address = null)
    {
        PlayedInstance instance = Instance();
        InstanceQuestions questions = instance.Instance.Questions;
        questions.Add("echo/*", static request => ValueTask.FromResult(AdminResponse.Error(418, $"{request.Segments[1]} {request.Query["n"]}")));
        questions.Add("slow", _ =>
        {
            Interlocked.Increment(ref _slowOnes);
            return new ValueTask<AdminResponse>(_slow.Task);
        });
        questions.Add("fails", static _ => throw new InvalidOperationException("a bug"));
        questions.Add("empty", static _ => ValueTask.FromResult(AdminResponse.Empty(204)));
        questions.Add("huge", static _ => ValueTask.FromResult(AdminResponse.Error(200, new string('x', LineSocket.MessageMax))));
        Open(instance, await Server.TokenAsync(), address ?? Server.Address);
        return (await HereAsync(), instance);
    }

    public override async ValueTask DisposeAsync()
    {
        _slow.TrySetResult(AdminResponse.Error(200, "the test ends"));
        await base.DisposeAsync();
    }
}
