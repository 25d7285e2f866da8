using Headgate.Differential.Peers;
using Headgate.Differential.Wire;

namespace Headgate.Differential.Comparison;

/// <summary>
/// What a server made of the bytes of one connection, in order. As text: requests as <c>METHOD target "body"</c>, refusals as their status, <c>waits</c> where it wanted more bytes;
/// <c>closes</c> when it did nothing else. A request whose end never came is none.
/// </summary>
/// <param name="Steps">What it did; the end of the list is the end of the connection.</param>
internal sealed record Observation(IReadOnlyList<Step> Steps)
{
    private static readonly Step Waits = new(StepKind.Waits, "waits");
    private static readonly Step Closes = new(StepKind.Closes, "closes");
    private static readonly Step Hangs = new(StepKind.Hangs, "hangs");

    /// <summary>The verdict as it stands in the corpus.</summary>
    public string Text => Steps.Count == 0 ? Closes.Text : string.Join(", ", Steps.Select(step => step.Text));

    /// <summary>Whether the server said nothing for so long that it was taken to wait, or to hang.</summary>
    public bool RestsOnSilence => Steps.Any(step => step.Kind is StepKind.Waits or StepKind.Hangs);

    /// <summary>The step at a place; behind the last one, the end of the connection.</summary>
    public Step At(int index) => index < Steps.Count ? Steps[index] : Closes;

    /// <summary>Joins what the client got with what was understood.</summary>
    public static async Task<Observation> OfAsync(Peer peer, string client, Exchanged exchanged)
    {
        SeenRequest[] seen = peer.Log.Take(client);
        List<Answer> answers = Answer.ReadAll(exchanged.Received);
        List<Step> steps = [];
        foreach (Answer answer in answers)
        {
            if (seen.FirstOrDefault(request => request.Id == answer.Id) is { } request)
                steps.Add(Of(request));
            else if (answer.Status > 0 && (!exchanged.Waited || steps.Count < exchanged.AnswersBeforeFinish))
                steps.Add(new Step(StepKind.Refused, $"{answer.Status}", await peer.ReasonAsync(client, answer)));
            else if (answer.Status == 0)
                steps.Add(new Step(StepKind.Garbles, "garbles"));
        }

        // Understood, but the answer did not reach the client as one: it counts all the same, and before whatever ended the connection.
        foreach (SeenRequest request in seen.Where(request => answers.All(answer => answer.Id != request.Id)))
            steps.Insert(steps.FindLastIndex(step => step.Kind == StepKind.Request) + 1, Of(request));

        // Who has said "close" and still reads does so for the sake of its answer (RFC 9112 §9.6), not for more requests.
        if (exchanged.Waited && answers.Take(exchanged.AnswersBeforeFinish).All(answer => !answer.IsLast))
            steps.Insert(Math.Min(steps.Count, exchanged.AnswersBeforeFinish), Waits);
        if (exchanged.Hung)
            steps.Add(Hangs);
        return new Observation(steps);
    }

    private static Step Of(SeenRequest request) => new(StepKind.Request, request.ToString());
}
