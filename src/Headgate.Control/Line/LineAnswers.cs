using System.Text.Json;
using Headgate.Control.AdminApi;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.Line;

/// <summary>Answers what a control plane asks over one line, several questions at once.</summary>
internal sealed class LineAnswers(LocalInstance instance, LineSocket socket)
{
    /// <summary>Questions that are answered at once; further ones wait. Reading does not: pings are answered by it.</summary>
    private const int AtOnceMax = 16;

    /// <summary>Questions that may wait; further ones are refused.</summary>
    private const int WaitingMax = 1000;

    /// <summary>
    /// Reads and answers to the end of the line. <paramref name="cancellationToken"/> ends the answering, and not the reading: that ends with the socket. Nobody waits for what is being answered then.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var places = new SemaphoreSlim(AtOnceMax, AtOnceMax);
        var answers = new List<Task>();
        try
        {
            while (await socket.ReceiveAsync(Timeout.InfiniteTimeSpan, CancellationToken.None) is { } message)
            {
                if (message.Question is not { } asked)
                    continue;
                answers.RemoveAll(static answer => answer.IsCompleted);
                answers.Add(answers.Count < WaitingMax ? AnswerAsync(asked, places, ending.Token)
                    : SendAsync(asked.Number, StatusCodes.Status503ServiceUnavailable, $"the instance has {WaitingMax} questions to answer already", ending.Token));
            }
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll(answers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task AnswerAsync(LineQuestion asked, SemaphoreSlim places, CancellationToken ending)
    {
        await places.WaitAsync(ending);
        try
        {
            InstanceAnswer answer = await instance.Questions.AnswerAsync(asked.Question, ending).AsTask().WaitAsync(ending);
            try
            {
                await socket.SendAsync(new LineMessage { Answer = new LineAnswer(asked.Number, answer) }, ending);
            }
            catch (LineException e) when (e.IsTooLong)
            {
                await SendAsync(asked.Number, StatusCodes.Status507InsufficientStorage, $"the answer is too long for the line: {e.Message}; ask for less", ending);
            }
        }
        finally
        {
            places.Release();
        }
    }

    private Task SendAsync(long number, int status, string text, CancellationToken ending) =>
        socket.SendAsync(new LineMessage { Answer = new LineAnswer(number, new InstanceAnswer(status, JsonElement.Parse(AdminResponse.Error(status, text).Body.Span))) }, ending);
}
