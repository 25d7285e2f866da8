namespace Headgate.Tests.EndToEnd.Soak;

/// <summary>How an answer ended, as its client saw it.</summary>
/// <param name="Kind">What came.</param>
/// <param name="Closes">Whether the connection ends with it.</param>
/// <param name="Detail">What was wrong; empty when nothing was.</param>
internal readonly record struct AnswerEnd(AnswerKind Kind, bool Closes, string Detail)
{
    /// <summary>Reads the answer to <paramref name="request"/> and compares every byte.</summary>
    /// <param name="wire">The client's connection.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="onContinue">What to do at 100 (Continue), once; null = nothing.</param>
    public static async Task<AnswerEnd> ReadAsync(Wire wire, SoakRequest request, Func<Task>? onContinue = null)
    {
        WireHead? head = null;
        try
        {
            do
            {
                head = await wire.ReadHeadAsync();
                if (head is null)
                    return new AnswerEnd(AnswerKind.Unanswered, true, "closed in order before the answer");
                if (head.Status == 100 && onContinue is not null)
                    await onContinue();
            }
            while (head.Status < 200);

            return await ReadBodyAsync(wire, request, head);
        }
        catch (ConnectionClosedException e)
        {
            return new AnswerEnd(head is { Status: >= 200 } ? AnswerKind.Broken : AnswerKind.Unanswered, true, e.Message);
        }
    }

    private static async Task<AnswerEnd> ReadBodyAsync(Wire wire, SoakRequest request, WireHead head)
    {
        bool headOnly = request.Method == "HEAD";
        int seen = 0, wrongAt = -1;
        if (!headOnly)
        {
            await wire.ReadBodyAsync(head, piece =>
            {
                if (seen + piece.Length > request.Expected.Length || !request.Expected.Slice(seen, piece.Length).Span.SequenceEqual(piece.Span))
                    wrongAt = wrongAt < 0 ? seen : wrongAt;
                seen += piece.Length;
                return ValueTask.CompletedTask;
            });
        }

        if (head.Status != 200)
            return new AnswerEnd(AnswerKind.Status, head.Closes, head.FirstLine);
        string wrong = head.Id != request.Id ? $"the answer to request {head.Id}"
            : wrongAt >= 0 ? $"differs at or after byte {wrongAt}"
            : headOnly && head.Length >= 0 && head.Length != request.Expected.Length ? $"announces {head.Length} bytes instead of {request.Expected.Length}"
            : !headOnly && seen != request.Expected.Length ? $"{seen} bytes instead of {request.Expected.Length}"
            : "";
        return new AnswerEnd(wrong.Length == 0 ? AnswerKind.Right : AnswerKind.Wrong, head.Closes, wrong);
    }
}
