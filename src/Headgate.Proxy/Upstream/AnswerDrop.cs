using System.Runtime.CompilerServices;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Upstream;

/// <summary>Gets an answer out of the way that is not passed on, because another node is tried.</summary>
internal static class AnswerDrop
{
    /// <summary>What is read of its body at most: an error page. A longer one costs more than a connection.</summary>
    private const int BytesMax = 65_536;

    /// <summary>How long the rest of it is waited for: the retry waits as long.</summary>
    private static readonly TimeSpan TimeMax = TimeSpan.FromMilliseconds(50);

    /// <summary>Reads the body up to its end, so that the connection can be kept, or ends the connection. Returns <see cref="AttemptFailure.AnswerDropped"/>.</summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    public static async ValueTask<AttemptFailure> RunAsync(NodeConnection connection)
    {
        TransportConnection node = connection.Transport;
        ResponseHead answer = connection.Response;
        BodyDecoder decoder = default;
        decoder.Start(answer.Framing, answer.ContentLength);
        node.SetReadDeadline(TimeMax);
        int left = BytesMax;
        while (left > 0 && answer.Framing != BodyFraming.UntilClose && answer.ContentLength <= BytesMax)
        {
            BodyStep step = decoder.Next(node.Unread, out int skip, out int take);
            if (step == BodyStep.Bad)
                break;
            node.Consume(skip + take);
            left -= skip + take;
            if (step == BodyStep.End)
                return AttemptFailure.AnswerDropped;
            if (step == BodyStep.NeedMore && await node.ReadAsync() != ReadOutcome.Data)
                break;
        }

        node.Abort(EndCause.NotNeeded);
        return AttemptFailure.AnswerDropped;
    }
}
