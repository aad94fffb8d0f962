namespace Governance.Node.Bench;

/// <summary>The child's side of <see cref="ChildProcess.AskAsync"/>: one line of answer for every line that is asked.</summary>
internal static class ChildAnswers
{
    /// <summary>Answers until nobody asks any more, which is also how a parent that died ends its children.</summary>
    internal static async Task RunAsync(Func<string[], Task<string>> answer, CancellationToken cancel)
    {
        using var questions = new StreamReader(Console.OpenStandardInput());
        while (await questions.ReadLineAsync(cancel) is { } question) Console.WriteLine(await answer(question.Split(' ')));
    }
}
