module lunchline

go 1.19
