namespace Headgate.Store.Crasher;

/// <summary>Standard output, a line a write.</summary>
internal static class Answers
{
    private static readonly Lock Gate = new();
    private static readonly Stream Output = Console.OpenStandardOutput();

    /// <summary>Writes one line at once.</summary>
    public static void Print(string line)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(line + "\n");
        lock (Gate)
        {
            Output.Write(bytes);
            Output.Flush();
        }
    }
}
